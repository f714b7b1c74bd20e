// Roles of the company's own, beside those of the catalog.

import { h } from "../ui/element.js";
import { field, input, select, several } from "../ui/fields.js";
import { form } from "../ui/form.js";
import { permissionGroups, roleOptions } from "./options.js";
import { commandOf } from "./person.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").View} View
 * @typedef {NonNullable<View["snapshot"]["custom_roles"][number]>} OwnRole
 */

/** @param {App} app */
export function newRolePage(app) {
  const roles = app.session.shown.description.roles;
  const like = roles.at(-1);
  const fields = roleFields(app, { title: "", like: like?.key ?? "", reach: like?.reach ?? "all", permissions: like?.permissions ?? [] });
  return [
    h("h2", null, "Make a role"),
    h("p", { class: "lead" }, "It is like a role of the catalog (rank, sight, seats), with permissions and reach of its own. Nobody puts into it what they do not hold in the whole organization."),
    form(app, { key: "make role", fields: fields.fields, action: "Make the role", attempt: () => commandOf(app, { create_role: { role: keyOf(fields.read().title), ...fields.read() } }) }),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} key
 */
export function rolePage(app, { snapshot }, key) {
  const role = snapshot.custom_roles.find((each) => each?.key === key);
  if (role == null) return [h("h2", null, key), h("p", null, "is not there any more.")];
  const fields = roleFields(app, role);
  const instead = select({ key: "role instead", label: "Instead", value: "", groups: [{ label: "", options: [{ value: "", text: "nothing" }, ...roleOptions(app).filter(({ value }) => value !== key)] }] });
  return [
    h("h2", null, h("bdi", null, role.title)),
    h("p", null, h("code", { class: "quiet" }, key)),
    form(app, { key: "change role", fields: fields.fields, action: "Change the role", attempt: () => commandOf(app, { change_role: { role: key, ...fields.read() } }) }),
    form(app, {
      key: "delete role",
      title: "Delete it",
      fields: field("Whoever has it gets instead", instead),
      action: "Delete the role",
      attempt: () => commandOf(app, { delete_role: { role: key, instead: instead.value === "" ? null : instead.value } }),
    }),
  ];
}

/**
 * @param {App} app
 * @param {Pick<OwnRole, "title" | "like" | "reach" | "permissions">} now
 */
function roleFields(app, now) {
  const title = input("role title", { value: now.title, required: true });
  const like = select({ key: "role like", label: "Like", value: now.like, groups: [{ label: "", options: app.session.shown.description.roles.map(({ key, title: text }) => ({ value: key, text })) }] });
  const reach = select({
    key: "role reach",
    label: "Reaches",
    value: now.reach,
    groups: [{ label: "", options: [{ value: "all", text: "every workspace" }, { value: "assigned", text: "assigned workspaces" }, { value: "none", text: "no workspace" }] }],
  });
  const permissions = several("role permissions", "Permissions", permissionGroups(app, ["organization", "workspace", "resource"]), now.permissions);
  permissions.element.classList.add("wide");
  return {
    fields: [field("What people call it", title), field("Like", like), field("Reaches", reach), permissions.element],
    read: () => ({ title: title.value, like: like.value, reach: /** @type {OwnRole["reach"]} */ (reach.value), permissions: permissions.values() }),
  };
}

/**
 * A key for a role, from what people call it.
 * @param {string} title
 */
function keyOf(title) {
  const word = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return `custom.${word}`;
}
