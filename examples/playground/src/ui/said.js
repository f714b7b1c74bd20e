// What came of an attempt, said at the place where it was made: a refusal in words with its code; a deed at the head of the page, since the
// place is drawn anew.

import { attemptWords } from "../words/attempt.js";
import { effectWords } from "../words/effect.js";
import { capital, listed } from "../words/list.js";
import { h } from "./element.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Failure} Failure
 */

/** A place at which something is said. */
export function saidSlot() {
  return h("div", { class: "said", role: "alert" });
}

/**
 * Tries something, and says what came of it.
 * @param {App} app
 * @param {HTMLElement} slot
 * @param {Attempt} attempt
 */
export function tryAt(app, slot, attempt) {
  const words = attemptWords(attempt, app.names());
  const { refusal, version, effects } = app.session.attempt(attempt);
  if (refusal === null) {
    const names = app.names();
    const todo = effects.length === 0 ? "" : ` For the application to do: ${listed(effects.map((effect) => effectWords(effect, names)))}.`;
    app.say(`${words}: done${version === null ? "" : `, version ${version}`}.${todo}`);
    return;
  }
  const again = stepUpOf(app, refusal, attempt);
  const note = refusalNote(refusal, again && h("button", { type: "button", class: "button small", onclick: () => tryAt(app, slot, again) }, "Authenticate again, and do it"));
  // Whoever looked at the past is back in the present, where the place is drawn anew.
  app.say(slot.isConnected ? "" : words, slot.isConnected ? null : note);
  slot.replaceChildren(note);
}

/**
 * A refusal in words.
 * @param {Failure} refusal
 * @param {import("./child.js").Child} [action]
 */
export function refusalNote(refusal, action = null) {
  const waits = refusal.code === "step_up";
  return h("p", { class: `refusal ${waits ? "step" : ""}` }, h("strong", null, waits ? "Not yet" : "Refused"), h("span", null, `${capital(refusal.text)}.`), h("code", null, refusal.code), action);
}

/**
 * The same attempt, with everything shown that was missing; nothing, where that is not what was missing.
 * @param {App} app
 * @param {Failure} refusal
 * @param {Attempt} attempt
 * @returns {Attempt | null}
 */
function stepUpOf(app, refusal, attempt) {
  if (refusal.code !== "step_up" || attempt.kind === "wait") return null;
  // A refusal names a provider by its position in the catalog.
  const provider = app.session.shown.description.providers[Number(refusal.facts.provider ?? -1)];
  return { ...attempt, given: { ...attempt.given, fresh: true, factor: true, ...(provider === undefined ? {} : { provider }) } };
}
