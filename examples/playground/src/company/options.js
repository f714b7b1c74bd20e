// What there is to choose from in the forms of the company.

import { permissionNames } from "../session/names.js";
import { spaced } from "../words/list.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").View} View
 * @typedef {import("../package.js").PermissionInfo} PermissionInfo
 * @typedef {import("../ui/fields.js").Group} Group
 */

/**
 * The roles of the catalog and the company's own.
 * @param {App} app
 * @returns {{ value: string, text: string }[]}
 */
export function roleOptions({ session }) {
  const own = session.shown.view()?.snapshot.custom_roles.filter((role) => role !== null) ?? [];
  return [...session.shown.description.roles, ...own].map(({ key, title }) => ({ value: key, text: title }));
}

/**
 * Permissions by their scopes.
 * @param {App} app
 * @param {readonly PermissionInfo["scope"][]} scopes
 * @returns {Group[]}
 */
export function permissionGroups({ session }, scopes) {
  const { permissions } = session.shown.description;
  const name = permissionNames(permissions);
  return scopes.map((scope) => ({ label: spaced(scope), options: permissions.filter((each) => each.scope === scope).map(({ key }) => ({ value: key, text: name(key) })) }));
}

/**
 * @param {View} view
 * @returns {{ value: string, text: string }[]}
 */
export function workspaceOptions({ snapshot }) {
  return snapshot.workspaces.map(({ workspace, name }) => ({ value: workspace, text: name }));
}

/**
 * People, those of the company first.
 * @param {App} app
 * @param {View} view
 * @returns {{ inside: { value: string, text: string }[], outside: { value: string, text: string }[] }}
 */
export function peopleOptions({ session }, { snapshot }) {
  const here = new Set(snapshot.people.map(({ user }) => user));
  const options = session.story.people.map(({ id, name }) => ({ value: id, text: name }));
  return { inside: options.filter(({ value }) => here.has(value)), outside: options.filter(({ value }) => !here.has(value)) };
}
