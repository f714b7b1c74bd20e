// Somebody of the company: roles, status, teams, and what is different for them in each workspace.

import { h } from "../ui/element.js";
import { field, select, several } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { overrideWords } from "../words/command.js";
import { dateTime } from "../words/time.js";
import { overrideFields } from "./override.js";
import { peopleOptions, roleOptions } from "./options.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Command} Command
 * @typedef {import("../package.js").View} View
 * @typedef {View["snapshot"]["people"][number]} Person
 */

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
export function personPage(app, view, id) {
  const names = app.names();
  const person = view.snapshot.people.find(({ user }) => user === id);
  if (person === undefined) return [h("h2", null, h("bdi", null, names.user(id))), h("p", null, "is nobody here any more.")];
  const roles = person.roles?.map(({ role }) => names.role(role)) ?? ["Collaborator"];
  return [
    h("h2", null, h("bdi", null, names.user(id))),
    h(
      "ul",
      { class: "chips" },
      roles.map((role) => h("li", { class: "chip" }, role)),
      person.status === "suspended" && h("li", { class: "chip took" }, "suspended"),
      h("li", { class: "chip" }, `since ${dateTime(person.joined.at)}`),
    ),
    person.roles === undefined ? null : rolesForm(app, person),
    deeds(app, view, person),
    h("h3", null, "In the workspaces"),
    view.snapshot.workspaces.length === 0 ? h("p", { class: "quiet" }, "There are no workspaces.") : view.snapshot.workspaces.map(({ workspace, name }) => accessForm(app, person, workspace, name)),
  ];
}

/**
 * @param {App} app
 * @param {Command} command
 * @returns {Attempt}
 */
export function commandOf({ chosen }, command) {
  return { kind: "command", by: chosen.by, command };
}

/**
 * @param {App} app
 * @param {Person} person
 */
function rolesForm(app, { user, roles = [] }) {
  const held = roles.map(({ role }) => role);
  const most = Number(app.session.shown.description.policy.roles_per_member ?? 1);
  if (most > 1) {
    const chosen = several("roles", "Roles", [{ label: "", options: roleOptions(app) }], held);
    return form(app, { key: "change roles", fields: chosen.element, action: "Change the roles", attempt: () => commandOf(app, { change_roles: { user, roles: chosen.values() } }) });
  }
  const role = select({ key: "roles", label: "Role", value: held[0] ?? "", groups: [{ label: "", options: roleOptions(app) }] });
  return form(app, { key: "change roles", fields: field("Role", role), action: "Change the role", attempt: () => commandOf(app, { change_roles: { user, roles: [role.value] } }) });
}

/**
 * What can be done about somebody with one press.
 * @param {App} app
 * @param {View} view
 * @param {Person} person
 */
function deeds(app, view, { user, status, roles, teams = [] }) {
  const said = saidSlot();
  const names = app.names();
  const content = contentChoice(app, view, user);
  const button = (/** @type {string} */ text, /** @type {() => Command} */ command) => deedButton(app, said, text, () => commandOf(app, command()));
  const inside = new Set(teams.map(({ team }) => team));
  return h(
    "div",
    { class: "deeds" },
    h(
      "div",
      { class: "actions" },
      status === "active" ? button("Suspend", () => ({ suspend: { user } })) : button("Reactivate", () => ({ reactivate: { user } })),
      roles === undefined ? null : [button("Hand ownership over", () => ({ transfer_ownership: { to: user } })), button("Make a collaborator", () => ({ make_collaborator: { user } }))],
      view.snapshot.teams.map(({ team, name }) =>
        inside.has(team) ? button(`Take out of ${name}`, () => ({ leave_team: { team, user } })) : button(`Put into ${name}`, () => ({ join_team: { team, user } })),
      ),
      button("Remove", () => ({ remove: { user, content: content.read() } })),
      content.element,
    ),
    user === app.chosen.by ? h("p", { class: "actions" }, button("Leave", () => ({ leave: { content: content.read() } })), h("span", { class: "quiet small" }, `as ${names.user(user)}`)) : null,
    said,
  );
}

/**
 * What becomes of the content of somebody who goes.
 * @param {App} app
 * @param {View} view
 * @param {string} user
 */
function contentChoice(app, view, user) {
  const heirs = peopleOptions(app, view).inside.filter(({ value }) => value !== user);
  const element = select({
    key: "content",
    label: "What becomes of their content",
    value: "",
    groups: [
      { label: "", options: [{ value: "", text: "content: say nothing" }, { value: "stays", text: "content stays" }] },
      { label: "Content goes to", options: heirs },
    ],
  });
  const read = () => {
    if (element.value === "") return null;
    return element.value === "stays" ? /** @type {const} */ ("stays") : { transfer_to: element.value };
  };
  return { element, read };
}

/**
 * @param {App} app
 * @param {Person} person
 * @param {string} workspace
 * @param {string} name
 */
function accessForm(app, { user, rows = [] }, workspace, name) {
  const row = rows.find((each) => each.workspace === workspace);
  const names = app.names();
  const override = overrideFields(app, `access ${workspace}`, row?.changes ?? {});
  const said = saidSlot();
  return h(
    "details",
    { class: "access", "data-open": workspace, open: row !== undefined },
    h("summary", null, h("bdi", null, name), ": ", h("span", { class: row === undefined ? "quiet" : "" }, row === undefined ? "no row of their own" : h("bdi", null, overrideWords(row.changes, names)))),
    form(app, {
      key: `give ${workspace}`,
      fields: override.fields,
      action: row === undefined ? "Give access" : "Change the access",
      attempt: () => commandOf(app, { give_access: { user, workspace, changes: override.read() } }),
    }),
    row === undefined ? null : h("div", { class: "actions" }, deedButton(app, said, `Take the access to ${name}`, () => commandOf(app, { take_access: { user, workspace } }))),
    said,
  );
}
