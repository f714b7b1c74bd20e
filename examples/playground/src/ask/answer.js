// The answer: one word, and the reason.

import { h } from "../ui/element.js";
import { answerWord, sign, toneOf } from "../ui/signs.js";
import { capital } from "../words/list.js";
import { dateTime } from "../words/time.js";
import { placeName } from "./question.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Explanation} Explanation
 */

/**
 * @param {App} app
 * @param {Explanation} explanation
 */
export function answer(app, { decision, version }) {
  const tone = toneOf(decision);
  const names = app.names();
  const { who, may } = app.chosen.asked;
  return h(
    "section",
    { class: "card arrives", "aria-label": "The answer" },
    h(
      "div",
      { class: "verdict", role: "status", "aria-live": "polite" },
      h("p", { class: `big ${tone}` }, sign(tone), answerWord(decision)),
      h("p", { class: "why" }, reason(decision), " ", h("code", { class: "quiet" }, decision.code)),
      h(
        "p",
        { class: "asked" },
        h("bdi", null, names.user(who)),
        `, ${names.permission(may)}, in `,
        h("bdi", null, placeName(app)),
        `. As of version ${version}, ${dateTime(app.session.shown.now)} UTC.`,
      ),
    ),
  );
}

/** @param {Explanation["decision"]} decision */
function reason({ allowed, text }) {
  return allowed ? "Nothing stands in the way." : `${capital(text)}.`;
}
