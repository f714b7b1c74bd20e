// Workspaces, and the rules of groups and teams in them.

import { h } from "../ui/element.js";
import { field, input, select, several } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { holderWords, signedWords } from "../words/command.js";
import { capital } from "../words/list.js";
import { DAY, dateTime } from "../words/time.js";
import { daysField } from "./override.js";
import { permissionGroups } from "./options.js";
import { commandOf } from "./person.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").RuleFor} RuleFor
 * @typedef {import("../package.js").View} View
 */

/** @param {App} app */
export function newWorkspacePage(app) {
  const name = input("workspace name", { required: true });
  return [
    h("h2", null, "Make a workspace"),
    form(app, {
      key: "make workspace",
      fields: field("Its name", name),
      action: "Make it",
      attempt: () => commandOf(app, { create_workspace: { workspace: app.session.newId("workspace"), name: name.value } }),
    }),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
export function workspacePage(app, view, id) {
  const workspace = view.snapshot.workspaces.find((each) => each.workspace === id);
  if (workspace === undefined) return [h("h2", null, h("bdi", null, app.names().workspace(id))), h("p", null, "is not there any more.")];
  const name = input("workspace name", { value: workspace.name, required: true });
  const said = saidSlot();
  const archived = workspace.archived !== undefined;
  return [
    h("h2", null, h("bdi", null, workspace.name)),
    archived && h("p", null, h("span", { class: "chip wait" }, "archived")),
    form(app, { key: "rename workspace", fields: field("Its name", name), action: "Rename", previewed: false, attempt: () => commandOf(app, { rename_workspace: { workspace: id, name: name.value } }) }),
    h(
      "div",
      { class: "actions" },
      archived ? deedButton(app, said, "Reopen", () => commandOf(app, { reopen_workspace: { workspace: id } })) : deedButton(app, said, "Archive", () => commandOf(app, { archive_workspace: { workspace: id } })),
      deedButton(app, said, "Delete", () => commandOf(app, { delete_workspace: { workspace: id } })),
    ),
    said,
    rules(app, view, workspace),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {View["snapshot"]["workspaces"][number]} workspace
 */
function rules(app, view, { workspace, rules: known = [] }) {
  const names = app.names();
  return [
    h("h3", null, "Rules of groups and teams"),
    known.length === 0
      ? h("p", { class: "quiet" }, "None: everybody has what their roles and their own rows give.")
      : h(
          "ul",
          { class: "plain-list" },
          known.map(({ holder, given, taken, until }) =>
            h("li", null, h("bdi", null, `${capital(holderWords(holder, names))}: ${signedWords(given, taken, names)}${until === undefined ? "" : `, until ${dateTime(until)}`}`)),
          ),
        ),
    ruleForm(app, view, workspace),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} workspace
 */
function ruleForm(app, { snapshot }, workspace) {
  const { groups } = app.session.shown.description;
  if (groups.length === 0 && snapshot.teams.length === 0) return h("p", { class: "quiet small" }, "The catalog has no groups, and there are no teams to set a rule for.");
  const holder = select({
    key: "rule holder",
    label: "For",
    value: groups[0] === undefined ? `team:${snapshot.teams[0]?.team}` : `group:${groups[0].key}`,
    groups: [
      { label: "Groups", options: groups.map(({ key, title }) => ({ value: `group:${key}`, text: title })) },
      { label: "Teams", options: snapshot.teams.map(({ team, name }) => ({ value: `team:${team}`, text: name })) },
    ],
  });
  const options = permissionGroups(app, ["workspace", "resource"]);
  const given = several("rule given", "Given", options, []);
  const taken = several("rule taken", "Taken", options, []);
  const days = daysField("rule days", "For how many days");
  return form(app, {
    key: "set rule",
    fields: [field("For", holder), given.element, taken.element, days.element],
    action: "Set the rule",
    attempt: () =>
      commandOf(app, {
        set_rule: { workspace, holder: holderOf(holder.value), given: given.values(), taken: taken.values(), until: days.read() === 0 ? null : app.session.shown.now + days.read() * DAY },
      }),
  });
}

/**
 * @param {string} value
 * @returns {RuleFor}
 */
function holderOf(value) {
  const [kind, ...key] = value.split(":");
  return kind === "team" ? { team: key.join(":") } : { group: key.join(":") };
}
