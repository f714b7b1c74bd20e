// WHAT HAPPENED? Everything that somebody tried, with what came of it; and the way back to any moment.

import { h } from "../ui/element.js";
import { sign } from "../ui/signs.js";
import { actorWords } from "../session/names.js";
import { attemptWords, deedWords } from "../words/attempt.js";
import { effectWords } from "../words/effect.js";
import { counted, listed } from "../words/list.js";
import { dateTime } from "../words/time.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../app.js").Outcome} Outcome
 * @typedef {import("../words/command.js").Names} Names
 */

/** @type {import("../app.js").Part} */
export const timeline = { key: "timeline", title: "Timeline", render };

/** @param {App} app */
function render(app) {
  const { session } = app;
  const names = app.names();
  const refused = session.outcomes.filter(({ refusal }) => refusal !== null).length;
  return h(
    "section",
    { class: "card" },
    h("h2", { tabindex: -1, "data-landing": true }, "What happened"),
    h("p", { class: "lead" }, `${counted(session.outcomes.length, "thing")} tried, ${counted(refused, "refusal")}. A company is what its history makes it, so any moment of it can be looked at again.`),
    h("ol", { class: "timeline", reversed: true }, session.story.attempts.map((attempt, at) => item(app, attempt, at, names)).toReversed()),
  );
}

/**
 * @param {App} app
 * @param {Attempt} attempt
 * @param {number} at
 * @param {Names} names
 */
function item({ session }, attempt, at, names) {
  const outcome = /** @type {Outcome} */ (session.outcomes[at]);
  const position = at + 1;
  const isHere = position === (session.past ?? session.story.attempts.length);
  const isLater = session.past !== null && position > session.past;
  return h(
    "li",
    { class: `${isHere ? "here" : ""} ${isLater ? "later" : ""}`, "aria-current": isHere ? "step" : false },
    sign(...toneOf(attempt, outcome)),
    h(
      "div",
      null,
      h("p", null, attempt.kind === "wait" ? null : [h("strong", null, h("bdi", null, actorWords(attempt.by, names)), ":"), " "], h("bdi", null, deedWords(attempt, names))),
      outcome.refusal && h("p", { class: "took" }, `${outcome.refusal.code === "step_up" ? "Not yet" : "Refused"}: ${outcome.refusal.text} `, h("code", { class: "quiet" }, outcome.refusal.code)),
      outcome.effects.length > 0 && h("p", { class: "quiet small" }, h("bdi", null, `For the application to do: ${listed(outcome.effects.map((effect) => effectWords(effect, names)))}.`)),
    ),
    h("p", { class: "quiet small number when" }, dateTime(outcome.at), outcome.version === null ? null : h("span", { class: "chip" }, `version ${outcome.version}`)),
    isHere
      ? h("span", { class: "small quiet here-word" }, "here")
      : h("button", { type: "button", class: "button plain small", "data-key": `to ${position}`, "aria-label": `Look at the moment after: ${attemptWords(attempt, names)}`, onclick: () => session.goTo(position) }, "Look"),
  );
}

/**
 * @param {Attempt} attempt
 * @param {Outcome} outcome
 * @returns {[tone: string, text: string]}
 */
function toneOf(attempt, { refusal }) {
  if (attempt.kind === "wait") return ["", "◷"];
  if (refusal === null) return ["gave", "✓"];
  return refusal.code === "step_up" ? ["wait", "?"] : ["took", "✕"];
}

