// Forms: each makes one attempt. It can be carried out, or looked at before.

import { failureOf } from "../package.js";
import { ORGANIZATION } from "../session/ids.js";
import { actorOf } from "../session/moment.js";
import { counted } from "../words/list.js";
import { changesTable } from "./changes.js";
import { h } from "./element.js";
import { refusalNote, saidSlot, tryAt } from "./said.js";

/**
 * @typedef {import("./child.js").Child} Child
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Preview} Preview
 *
 * @typedef {object} Form
 * @property {string} key by which the focus finds it
 * @property {string} [title]
 * @property {Child} [about]
 * @property {Child} fields
 * @property {string} action what the button says
 * @property {() => Attempt} attempt what is asked for, as the fields stand
 * @property {boolean} [previewed] whether it can be looked at before; it can, if nothing else is said
 */

/**
 * @param {App} app
 * @param {Form} form
 */
export function form(app, { key, title, about, fields, action, attempt, previewed = true }) {
  const said = saidSlot();
  return h(
    "form",
    {
      class: "form",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        tryAt(app, said, attempt());
      },
    },
    title && h("h3", null, title),
    about && h("p", { class: "quiet small" }, about),
    h("div", { class: "fields" }, fields),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "submit", class: "button main", "data-key": key }, action),
      previewed && h("button", { type: "button", class: "button plain", "data-key": `${key} preview`, onclick: () => said.replaceChildren(preview(app, attempt())) }, "What would change?"),
    ),
    said,
  );
}

/**
 * One button that makes one attempt.
 * @param {App} app
 * @param {HTMLElement} said
 * @param {string} text
 * @param {() => Attempt} attempt
 */
export function deedButton(app, said, text, attempt) {
  return h("button", { type: "button", class: "button", "data-key": text, onclick: () => tryAt(app, said, attempt()) }, text);
}

/**
 * What an attempt would change.
 * @param {App} app
 * @param {Attempt} attempt
 */
function preview(app, attempt) {
  const { shown } = app.session;
  try {
    if (attempt.kind === "command") {
      const found = shown.tenants.preview(ORGANIZATION, attempt.command, { ...shown.facts(attempt.given), actor: actorOf(attempt.by) });
      return previewed(app, found);
    }
    if (attempt.kind === "share") {
      const found = shown.tenants.previewShare(ORGANIZATION, shown.resource(attempt.on), attempt.command, { ...shown.facts(attempt.given), actor: actorOf(attempt.by) });
      return h("div", { class: "preview" }, changesTable(found.access, app.names()));
    }
  } catch (thrown) {
    return refusalNote(failureOf(thrown));
  }
  return h("p", { class: "quiet" }, "There is nothing to compare.");
}

/**
 * @param {App} app
 * @param {Preview} found
 */
function previewed(app, { access, seats_before: before, seats_after: after }) {
  const seats = before !== null && after !== null && before.used !== after.used ? `Seats in use: ${before.used} before, ${after.used} after, of ${counted(after.limit, "seat")}.` : null;
  return h("div", { class: "preview" }, changesTable(access, app.names()), seats && h("p", { class: "small" }, seats));
}
