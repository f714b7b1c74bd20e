// MAY THEY? A question, its answer, where it comes from, and what would turn it.

import { ORGANIZATION } from "../session/ids.js";
import { actorOf } from "../session/moment.js";
import { failureOf } from "../package.js";
import { h } from "../ui/element.js";
import { refusalNote } from "../ui/said.js";
import { answer } from "./answer.js";
import { board } from "./board.js";
import { gates } from "./gates.js";
import { layers } from "./layers.js";
import { questionForm, targetOf } from "./question.js";
import { turn } from "./turn.js";

/** @typedef {import("../app.js").App} App */

/** @type {import("../app.js").Part} */
export const ask = { key: "ask", title: "May they?", render };

/** @param {App} app */
function render(app) {
  return [
    h("h2", { class: "unseen", tabindex: -1, "data-landing": true }, "May they?"),
    questionForm(app),
    h("div", { class: "ask" }, board(app), h("div", { class: "why-side" }, explained(app))),
  ];
}

/** @param {App} app */
function explained(app) {
  const { shown } = app.session;
  const { who, may } = app.chosen.asked;
  const question = { ...shown.facts(app.chosen.given), organization: ORGANIZATION, actor: actorOf(who), permission: may, target: targetOf(app) };
  let explanation;
  let changes;
  try {
    explanation = shown.tenants.explain(question);
    changes = shown.tenants.nearest(question);
  } catch (thrown) {
    // A link of somebody else's may ask for what this catalog does not have.
    return h("section", { class: "card" }, refusalNote(failureOf(thrown)));
  }
  return [
    answer(app, explanation),
    h("section", { class: "card", "aria-labelledby": "rules" }, h("h2", { id: "rules" }, "Ten rules, asked in order"), gates(explanation, app.names())),
    h(
      "div",
      { class: "below" },
      h("section", { class: "card", "aria-labelledby": "layers" }, h("h2", { id: "layers" }, "Rule 7, layer by layer"), layers(explanation, app.names())),
      turn(app, explanation, changes),
    ),
  ];
}
