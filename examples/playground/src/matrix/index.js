// WHO MAY DO WHAT, BY ROLE? The permission matrix: roles across, permissions down, by scope, with a search.

import { h } from "../ui/element.js";
import { input } from "../ui/fields.js";
import { sign } from "../ui/signs.js";
import { counted, spaced } from "../words/list.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").PermissionInfo} PermissionInfo
 * @typedef {{ key: string, title: string, traits: string, permissions: ReadonlySet<string>, declared: ReadonlySet<string> }} Column
 */

/** @type {import("../app.js").Part} */
export const matrix = { key: "matrix", title: "Matrix", render };

/** @type {Record<PermissionInfo["scope"], string>} */
const SCOPES = {
  organization: "Organization: these exist only there, and nothing below can give or take them",
  workspace: "Workspace: inherited by the workspaces that a role reaches, and overridden there",
  resource: "Resource: shares can give these, too",
};

/** @param {App} app */
function render(app) {
  const columns = columnsOf(app);
  const search = input("search", { value: app.chosen.search, placeholder: "billing, invite …", type: "search" });
  search.setAttribute("aria-label", "Search permissions");
  const table = h("div", { class: "table-scroll", "data-scroll": "matrix", tabindex: 0, role: "group", "aria-label": "The matrix" });
  const count = h("p", { class: "quiet small", role: "status" });
  const show = () => {
    app.chosen.search = search.value;
    const found = matching(app, search.value);
    count.textContent = `${counted(found.length, "permission")} of ${app.session.shown.description.permissions.length}`;
    table.replaceChildren(tableOf(columns, found));
  };
  search.addEventListener("input", show);
  show();
  return h(
    "section",
    { class: "card" },
    h("h2", { tabindex: -1, "data-landing": true }, "What each role may do"),
    h("p", { class: "lead" }, "As the catalog in force says it, with the roles that the company has made for itself. A hollow sign is inherited from the role that it extends."),
    h("div", { class: "fields matrix-search" }, h("div", { class: "field" }, h("span", { class: "label", "aria-hidden": "true" }, "Search"), search), count),
    table,
  );
}

/**
 * The roles of the catalog, highest first, and then the company's own.
 * @param {App} app
 * @returns {Column[]}
 */
function columnsOf({ session, names }) {
  const { roles } = session.shown.description;
  const called = names();
  const own = session.shown.view()?.snapshot.custom_roles.filter((role) => role !== null) ?? [];
  return [
    ...roles
      .toSorted((one, other) => other.rank - one.rank)
      .map((role) => ({
        key: role.key,
        title: role.title,
        traits: [`rank ${role.rank}`, `reaches ${REACH[role.reach]}`, ...(role.sight === "shared" ? ["sees what is shared"] : []), ...(role.billable ? [] : ["takes no seat"])].join(", "),
        permissions: new Set(role.permissions),
        declared: new Set(role.declared.includes("*") ? role.permissions : role.declared),
      })),
    ...own.map((role) => ({
      key: role.key,
      title: role.title,
      traits: `own role, like ${called.role(role.like)}, reaches ${REACH[role.reach]}`,
      permissions: new Set(role.permissions),
      declared: new Set(role.permissions),
    })),
  ];
}

/** @type {Record<string, string>} */
const REACH = { all: "every workspace", assigned: "assigned workspaces", none: "no workspace" };

/**
 * @param {App} app
 * @param {string} search
 */
function matching({ session }, search) {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return session.shown.description.permissions.filter(({ key, title, guards }) => {
    const text = `${key} ${title} ${guards.map(spaced).join(" ")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/**
 * @param {Column[]} columns
 * @param {readonly PermissionInfo[]} permissions
 */
function tableOf(columns, permissions) {
  const scopes = /** @type {const} */ (["organization", "workspace", "resource"]);
  return h(
    "table",
    { class: "matrix" },
    h("thead", null, h("tr", null, h("td"), columns.map(({ title, traits }) => h("th", { scope: "col" }, h("bdi", null, title), h("span", { class: "quiet" }, traits))))),
    scopes.map((scope) => {
      const rows = permissions.filter((permission) => permission.scope === scope);
      return rows.length === 0
        ? null
        : h("tbody", null, h("tr", null, h("th", { class: "scope", scope: "rowgroup", colspan: columns.length + 1 }, SCOPES[scope])), rows.map((row) => permissionRow(row, columns)));
    }),
  );
}

/**
 * @param {PermissionInfo} permission
 * @param {Column[]} columns
 */
function permissionRow(permission, columns) {
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, h("span", null, permission.title, " ", h("code", { class: "quiet" }, permission.key)), gates(permission)),
    columns.map(({ permissions, declared }) => {
      if (!permissions.has(permission.key)) return h("td", null, h("span", { class: "no", "aria-hidden": "true" }), h("span", { class: "unseen" }, "no"));
      const inherited = !declared.has(permission.key);
      return h("td", null, sign(inherited ? "gave inherited" : "gave", "✓"), h("span", { class: "unseen" }, inherited ? "yes, inherited" : "yes"));
    }),
  );
}

/**
 * What else a permission asks for, and what it guards.
 * @param {PermissionInfo} permission
 */
function gates({ recent_authentication: recent, second_factor: factor, active_only: active, open_while_suspended: open, feature, guards }) {
  const words = [
    recent !== null && `authenticated within ${recent}`,
    factor && "second factor",
    active && "only while active",
    open && "stays open while suspended",
    feature !== null && `needs ${spaced(feature)}`,
    guards.length > 0 && `guards: ${guards.map(spaced).join(", ")}`,
  ].filter((word) => word !== false);
  return words.length === 0 ? null : h("span", { class: "quiet" }, words.join(" · "));
}
