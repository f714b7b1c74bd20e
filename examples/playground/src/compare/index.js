// WHAT IF? Two catalogs, over the people of the present company: who gains and loses what.

import { mistakesOf, readCatalog } from "../session/catalogs.js";
import { ORGANIZATION } from "../session/ids.js";
import { permissionNames } from "../session/names.js";
import { Moment } from "../session/moment.js";
import { changesTable } from "../ui/changes.js";
import { h } from "../ui/element.js";
import { select } from "../ui/fields.js";
import { counted, listed } from "../words/list.js";
import { proposedMoves, withKept } from "./moves.js";
import { DRAFT, IN_FORCE, sources, textOf } from "./sources.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Comparison} Comparison
 * @typedef {import("../session/catalogs.js").ReadCatalog} ReadCatalog
 * @typedef {import("../ui/child.js").Child} Child
 * @typedef {import("../words/command.js").Names} Names
 */

/** @type {import("../app.js").Part} */
export const compare = { key: "compare", title: "Compare", render };

/** @param {App} app */
function render(app) {
  const { compared } = app.chosen;
  const choice = (/** @type {"from" | "to"} */ side, /** @type {string} */ label) =>
    select({ key: `compare ${side}`, label, value: compared[side], groups: [{ label: "", options: sources(app) }], change: (value) => app.choose({ compared: { ...compared, [side]: value, moves: null } }) });
  return h(
    "section",
    { class: "card stack" },
    h("h2", { tabindex: -1, "data-landing": true }, "Who gains and loses what"),
    h("p", { class: "lead" }, "The people of the present company, under one catalog and under another. Change something in the catalog, leave it in the editor, and look here before it is put in force."),
    h("div", { class: "question" }, h("span", { class: "word" }, "From the catalog"), choice("from", "From"), h("span", { class: "word" }, "to the catalog"), choice("to", "To")),
    result(app),
  );
}

/**
 * @param {App} app
 * @returns {Child}
 */
function result(app) {
  const { from, to } = app.chosen.compared;
  const [before, after] = [readCatalog(textOf(app, from)), readCatalog(textOf(app, to))];
  if (before.read === null || after.read === null) {
    return h("p", { class: "took" }, "What stands in the editor has mistakes. They are listed beside it.");
  }
  if (before.read.text === after.read.text) {
    return h("p", { class: "quiet" }, from === IN_FORCE && to === DRAFT ? "The editor holds what is in force. Change something there, or choose a preset." : "They are the same.");
  }
  return compared(app, before.read, after.read);
}

/**
 * @param {App} app
 * @param {ReadCatalog} before
 * @param {ReadCatalog} after
 */
function compared(app, before, after) {
  const { session, chosen } = app;
  const moment = new Moment(before.catalog, before.description, session.story.resources);
  for (const attempt of session.story.attempts) moment.carryOut(attempt);
  const moves = chosen.compared.moves ?? proposedMoves(before.description, after.description);
  const names = titled(app.names(), before, after);
  const { catalog, kept } = withKept(before.catalog, after.catalog);
  try {
    const called = Object.fromEntries(session.story.people.map(({ id, name }) => [id, name]));
    const found = moment.tenants.compare(catalog, [ORGANIZATION], moment.facts(), { moves, names: called });
    return [outcome(found, names), keptNote(kept), movesForm(app, moves, [])];
  } catch (thrown) {
    return [h("p", { class: "took" }, "What becomes of some keys is not said yet:"), movesForm(app, moves, mistakesOf(thrown))];
  } finally {
    moment.free();
    for (const read of [before.catalog, after.catalog, catalog]) read.free();
  }
}

/**
 * @param {Comparison} found
 * @param {Names} names
 */
function outcome({ rows, widenings, objections }, names) {
  return [
    changesTable(rows, names),
    objections.length + widenings.length === 0
      ? null
      : h(
          "details",
          { class: "more" },
          h("summary", null, `${counted(objections.length, "objection")} to moving there`),
          h("ul", { class: "plain-list" }, [...objections, ...widenings].map(({ text }) => h("li", null, h("bdi", null, text)))),
        ),
  ];
}

/** @param {readonly string[]} kept */
function keptNote(kept) {
  return kept.length === 0 ? null : h("p", { class: "quiet small" }, `Kept on the way, because a company rests on them: ${listed(kept)}.`);
}

/**
 * Names by the titles of both catalogs.
 * @param {Names} names
 * @param {ReadCatalog} before
 * @param {ReadCatalog} after
 * @returns {Names}
 */
function titled(names, before, after) {
  const known = new Set(before.description.permissions.map(({ key }) => key));
  return { ...names, permission: permissionNames([...before.description.permissions, ...after.description.permissions.filter(({ key }) => !known.has(key))]) };
}

/**
 * @param {App} app
 * @param {string} moves
 * @param {readonly import("../package.js").Mistake[]} mistakes
 */
function movesForm(app, moves, mistakes) {
  const area = h("textarea", { "data-key": "moves", "aria-label": "What becomes of keys that are gone", rows: Math.min(16, moves.split("\n").length + 1), spellcheck: "false", class: "code" });
  area.value = moves;
  return h(
    "details",
    { class: "more", open: mistakes.length > 0 },
    h("summary", null, moves === "" ? "Nothing is gone, so nothing moves" : "What becomes of keys that are gone"),
    mistakes.length === 0 ? null : h("ul", { class: "plain-list took" }, mistakes.map(({ path, text }) => h("li", null, path === "" ? null : h("code", null, `${path}: `), text))),
    area,
    h("div", { class: "actions" }, h("button", { type: "button", class: "button", "data-key": "compare again", onclick: () => app.choose({ compared: { ...app.chosen.compared, moves: area.value } }) }, "Compare with these")),
  );
}

