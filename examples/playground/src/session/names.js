// Names: what the ids and keys of a session are called, by the people who made them.

import { recipientWords } from "../words/command.js";
import { ORGANIZATION } from "./ids.js";

/**
 * @typedef {import("../words/command.js").Names} Names
 * @typedef {import("../package.js").ActorOut} ActorOut
 * @typedef {import("./session.js").Session} Session
 */

/**
 * The names as they are at the moment that is looked at.
 * @param {Session} session
 * @returns {Names}
 */
export function namesOf(session) {
  const { description, tenants } = session.shown;
  const snapshot = session.shown.view()?.snapshot;
  const made = createdNames(session);
  const titles = new Map([...description.roles, ...description.plans, ...description.groups].map((each) => [each.key, each.title]));
  for (const role of snapshot?.custom_roles ?? []) if (role !== null) titles.set(role.key, role.title);
  const invitations = new Map((snapshot?.invitations ?? []).map((each) => [each.invitation, each.address ?? "somebody who was erased"]));
  const title = (/** @type {string} */ key) => titles.get(key) ?? key;
  /** @type {Names} */
  const names = {
    user: nameIn(session.story.people, "somebody unknown"),
    resource: nameIn(session.story.resources, "something unknown"),
    workspace: (id) => snapshot?.workspaces.find((each) => each.workspace === id)?.name ?? made.get(id) ?? "a workspace that is gone",
    team: (id) => snapshot?.teams.find((each) => each.team === id)?.name ?? made.get(id) ?? "a team that is gone",
    invitation: (id) => invitations.get(id) ?? made.get(id) ?? "somebody",
    role: title,
    permission: permissionNames(description.permissions),
    plan: title,
    group: title,
    share: (id) => {
      const share = tenants.sharesOf(ORGANIZATION).find((each) => each.share === id);
      return share === undefined ? "somebody" : recipientWords(share.to, names);
    },
  };
  return names;
}

/**
 * The titles of permissions, with the key where several have the same.
 * @param {readonly { key: string, title: string }[]} permissions
 * @returns {(key: string) => string}
 */
export function permissionNames(permissions) {
  const keys = Map.groupBy(permissions, ({ title }) => title);
  const names = new Map(permissions.map(({ key, title }) => [key, (keys.get(title)?.length ?? 0) > 1 ? `${title} (${key})` : title]));
  return (key) => names.get(key) ?? key;
}

/**
 * What things were called when they were made: for those that are gone since.
 * @param {Session} session
 * @returns {Map<string, string>}
 */
function createdNames(session) {
  const made = new Map();
  for (const attempt of session.story.attempts) {
    if (attempt.kind !== "command") continue;
    const { create_workspace: workspace, create_team: team, invite } = attempt.command;
    if (workspace) made.set(workspace.workspace, workspace.name);
    if (team) made.set(team.team, team.name);
    if (invite) made.set(invite.invitation, invite.address);
  }
  return made;
}

/**
 * @param {readonly { id: string, name: string }[]} known
 * @param {string} otherwise
 */
function nameIn(known, otherwise) {
  const names = new Map(known.map((each) => [each.id, each.name]));
  return (/** @type {string} */ id) => names.get(id) ?? otherwise;
}

/**
 * Who acted, in words.
 * @param {ActorOut | string} by
 * @param {Names} names
 */
export function actorWords(by, names) {
  if (by === "system") return "The platform";
  if (typeof by === "string") return by === "provisioner" ? "The directory" : names.user(by);
  if (by.user !== undefined) return names.user(by.user);
  if (by.staff !== undefined) return `Staff for ${names.user(by.staff.on_behalf_of)}`;
  return by.service !== undefined ? "A service" : "Whoever has the link";
}
