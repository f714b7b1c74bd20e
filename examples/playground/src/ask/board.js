// The board: every answer at one place, people across and permissions down. Each cell is a question to the package.

import { ORGANIZATION } from "../session/ids.js";
import { actorOf } from "../session/moment.js";
import { h } from "../ui/element.js";
import { answerWord, sign, toneOf } from "../ui/signs.js";
import { placeName, targetOf } from "./question.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Decision} Decision
 * @typedef {import("../package.js").PermissionInfo} PermissionInfo
 * @typedef {{ id: string, name: string, answers: Map<string, Decision> }} Column
 */

/** @param {App} app */
export function board(app) {
  const rows = rowsOf(app);
  const columns = columnsOf(app, rows);
  return h(
    "section",
    { class: "card", "aria-label": "Everybody at this place" },
    h("h2", null, `Who may do what in ${placeName(app)}`),
    h("p", { class: "small quiet" }, "Choose a cell to see why."),
    h(
      "div",
      { class: "board-scroll", "data-scroll": "board" },
      h(
        "table",
        { class: "board", onkeydown: move },
        h("thead", null, h("tr", null, h("td"), columns.map(({ name }) => h("th", { scope: "col", dir: "auto" }, name)))),
        sections(rows).map(({ scope, permissions }) =>
          h(
            "tbody",
            null,
            h("tr", null, h("th", { class: "scope", scope: "rowgroup", colspan: columns.length + 1 }, SCOPE_TITLES[scope])),
            permissions.map((permission) =>
              h(
                "tr",
                null,
                h("th", { scope: "row", title: permission.key }, permission.title, permission.twice ? h("code", { class: "quiet" }, ` ${permission.key}`) : null),
                columns.map((column) => h("td", null, cell(app, column, permission))),
              ),
            ),
          ),
        ),
      ),
    ),
    legend(),
  );
}

/** @type {Record<PermissionInfo["scope"], string>} */
const SCOPE_TITLES = { organization: "In the organization", workspace: "In workspaces", resource: "On resources" };

/**
 * The permissions that mean something at the place, with those that share a title told apart.
 * @param {App} app
 */
function rowsOf({ session, chosen }) {
  const { where } = chosen.asked;
  const here = where === "organization" ? ["organization", "workspace", "resource"] : ["workspace", "resource"];
  const scopes = session.story.resources.some(({ id }) => id === where) ? ["resource"] : here;
  const { permissions } = session.shown.description;
  return permissions
    .filter(({ scope, key }) => scopes.includes(scope) || key === chosen.asked.may)
    .map((each) => ({ ...each, twice: permissions.filter(({ title }) => title === each.title).length > 1 }));
}

/**
 * @param {App} app
 * @param {readonly PermissionInfo[]} rows
 * @returns {Column[]}
 */
function columnsOf(app, rows) {
  const { shown, story } = app.session;
  const here = new Set(shown.view()?.snapshot.people.map((person) => person.user));
  const target = targetOf(app);
  return story.people
    .filter(({ id }) => here.has(id) || id === app.chosen.asked.who)
    .map(({ id, name }) => {
      const access = shown.tenants.access({ ...shown.facts(app.chosen.given), organization: ORGANIZATION, actor: actorOf(id), target });
      const answers = new Map(rows.map(({ key }) => [key, access.check(key)]));
      access.free();
      return { id, name, answers };
    });
}

/**
 * @template {PermissionInfo} P
 * @param {P[]} rows
 */
function sections(rows) {
  const scopes = /** @type {const} */ (["organization", "workspace", "resource"]);
  const each = scopes.map((scope) => ({ scope, permissions: rows.filter((row) => row.scope === scope) }));
  return each.filter(({ permissions }) => permissions.length > 0);
}

/**
 * @param {App} app
 * @param {Column} column
 * @param {PermissionInfo & { twice: boolean }} permission
 */
function cell(app, { id, name, answers }, { key, title, twice }) {
  const decision = /** @type {Decision} */ (answers.get(key));
  const { asked } = app.chosen;
  const chosen = asked.who === id && asked.may === key;
  const tone = toneOf(decision);
  const why = decision.allowed ? "" : `, ${decision.code}`;
  return h(
    "button",
    {
      type: "button",
      class: "cell",
      "data-key": `cell ${id} ${key}`,
      "aria-pressed": String(chosen),
      "aria-label": `${name}, ${twice ? `${title} (${key})` : title}: ${answerWord(decision)}${why}`,
      tabindex: chosen ? 0 : -1,
      onclick: () => app.choose({ asked: { ...asked, who: id, may: key } }),
    },
    tone === "took" ? h("span", { class: "no", "aria-hidden": "true" }) : sign(tone),
  );
}

/**
 * Arrow keys go from cell to cell.
 * @param {KeyboardEvent} event
 */
function move(event) {
  const from = event.target instanceof Element ? event.target.closest("td") : null;
  const steps = /** @type {Record<string, [number, number]>} */ ({ ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] });
  const step = steps[event.key];
  if (from === null || step === undefined) return;
  event.preventDefault();
  const rows = [.../** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("tr:has(.cell)")];
  const row = rows.indexOf(/** @type {Element} */ (from.parentElement));
  const column = [...(from.parentElement?.querySelectorAll("td") ?? [])].indexOf(from);
  const next = rows[row + step[0]]?.querySelectorAll(".cell")[column + step[1]];
  if (next instanceof HTMLElement) next.focus();
}

function legend() {
  return h(
    "ul",
    { class: "legend" },
    h("li", null, sign("gave"), "allowed"),
    h("li", null, h("span", { class: "no", "aria-hidden": "true" }), "denied"),
    h("li", null, sign("wait"), "allowed once something is shown"),
  );
}
