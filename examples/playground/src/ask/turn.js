// What would turn the answer, with a button for each person who may do it.

import { shownByHeart } from "../company/shown.js";
import { h } from "../ui/element.js";
import { saidSlot, tryAt } from "../ui/said.js";
import { commandWords } from "../words/command.js";
import { capital } from "../words/list.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Explanation} Explanation
 * @typedef {import("../package.js").NearestChange} NearestChange
 */

/** How many people are offered for one change. */
const PEOPLE_MAX = 3;

/**
 * @param {App} app
 * @param {Explanation} explanation
 * @param {readonly NearestChange[]} changes
 */
export function turn(app, { decision, turn: found }, changes) {
  const stepUp = decision.code === "step_up" ? decision : null;
  if (found === null && stepUp === null) return null;
  const said = saidSlot();
  return h(
    "section",
    { class: "card", "aria-label": "What would turn the answer" },
    h("h2", null, decision.allowed ? "What would take it away" : "What would turn the answer"),
    stepUp && h("p", { class: "actions" }, h("span", null, `${capital(stepUp.text)}.`), h("button", { type: "button", class: "button", "data-key": "show it", onclick: () => app.choose({ given: shownByHeart(app) }) }, "Show it")),
    found && h("p", { class: "quiet" }, `${capital(found.says)}${changes.length > 0 ? ":" : "."}`),
    changes.length > 0 && h("ol", { class: "turn" }, changes.map((each, at) => changeItem(app, each, at, said))),
    found?.then && h("p", { class: "quiet small" }, `Then: ${found.then}.`),
    said,
  );
}

/**
 * @param {App} app
 * @param {NearestChange} nearest
 * @param {number} at
 * @param {HTMLElement} said
 */
function changeItem(app, { change, by, more }, at, said) {
  const names = app.names();
  const offered = by.length === 0 ? ["system"] : by.slice(0, PEOPLE_MAX);
  return h(
    "li",
    null,
    h("span", { class: "what" }, h("bdi", null, changeWords(change, names))),
    h(
      "span",
      { class: "actions" },
      offered.map((who) =>
        h(
          "button",
          { type: "button", class: "button", "data-key": `turn ${at} ${who}`, onclick: () => tryAt(app, said, attemptOf(app, change, who)) },
          who === "system" ? "Do it as the platform" : ["Do it as ", h("bdi", null, names.user(who))],
        ),
      ),
      more || by.length > offered.length ? h("span", { class: "small quiet" }, "and others could") : null,
    ),
  );
}

/**
 * A change as an attempt of somebody who has shown all that anybody asks for.
 * @param {App} app
 * @param {NearestChange["change"]} change
 * @param {string} by
 * @returns {Attempt}
 */
function attemptOf(app, { organization, share }, by) {
  const given = shownByHeart(app);
  if (organization !== undefined) return { kind: "command", by, command: organization, given };
  return { kind: "share", by, on: share.resource, command: share.command, given };
}

/**
 * @param {NearestChange["change"]} change
 * @param {import("../words/command.js").Names} names
 */
function changeWords({ organization, share }, names) {
  return capital(commandWords(organization ?? share.command, names));
}
