// Commands, share commands and orders in words: what somebody did, or tried to do.

import { listed, number, spaced } from "./list.js";
import { dateTime } from "./time.js";

/**
 * What things are called. Each answers with something readable for ids that nobody knows.
 * @typedef {object} Names
 * @property {(id: string) => string} user
 * @property {(id: string) => string} workspace
 * @property {(id: string) => string} team
 * @property {(id: string) => string} resource
 * @property {(id: string) => string} invitation the address that it went to
 * @property {(key: string) => string} role
 * @property {(key: string) => string} permission
 * @property {(key: string) => string} plan
 * @property {(key: string) => string} group
 * @property {(id: string) => string} share to whom it is
 */

/** @typedef {import("../package.js").Override} Override */

/**
 * @param {Record<string, any>} command one key, its name
 * @param {Names} names
 * @returns {string}
 */
export function commandWords(command, names) {
  const [name, fields] = Object.entries(command)[0] ?? ["", {}];
  const words = WORDS[name];
  return words === undefined ? spaced(name) : words(fields ?? {}, names);
}

/** @type {Record<string, (fields: any, names: Names) => string>} */
const WORDS = {
  create_organization: (c, n) => `make the organization ${c.name} on ${n.plan(c.plan)}${c.seats > 0 ? ` with ${c.seats} seats` : ""}`,
  sign_up: (c) => `sign up as ${c.name}`,
  rename: (c) => `rename the organization to ${c.name}`,
  describe: () => "describe the organization",
  change_status: (c) => `set the organization ${spaced(c.status)}`,
  delete_organization: () => "delete the organization",
  restore_organization: () => "restore the organization",
  change_plan: (c, n) => `move to the plan ${n.plan(c.plan)}${c.seats > 0 ? ` with ${c.seats} seats` : ""}`,
  change_seats: (c) => `have ${c.seats} seats`,

  create_workspace: (c) => `make the workspace ${c.name}`,
  rename_workspace: (c) => `rename a workspace to ${c.name}`,
  archive_workspace: (c, n) => `archive ${n.workspace(c.workspace)}`,
  reopen_workspace: (c, n) => `reopen ${n.workspace(c.workspace)}`,
  delete_workspace: (c, n) => `delete ${n.workspace(c.workspace)}`,

  invite: (c, n) => `invite ${c.address}${promised(c, n)}`,
  edit_invitation: (c, n) => `change the invitation of ${n.invitation(c.invitation)}:${promised(c, n)}`,
  resend: (c, n) => `send the invitation of ${n.invitation(c.invitation)} again`,
  revoke: (c, n) => `take back the invitation of ${n.invitation(c.invitation)}`,
  accept: () => "accept the invitation",
  decline: () => "decline the invitation",

  add_member: (c, n) => `add ${n.user(c.user)}${promised(c, n)}`,
  add_collaborator: (c, n) => `let ${n.user(c.user)} in as a collaborator${promised(c, n)}`,
  change_roles: (c, n) => `make ${n.user(c.user)} ${listed(c.roles.map(n.role)) || "nothing"}`,
  make_collaborator: (c, n) => `make ${n.user(c.user)} a collaborator`,
  suspend: (c, n) => `suspend ${n.user(c.user)}`,
  reactivate: (c, n) => `reactivate ${n.user(c.user)}`,
  remove: (c, n) => `remove ${n.user(c.user)}`,
  leave: () => "leave the organization",
  erase_user: (c, n) => `erase ${n.user(c.user)}`,
  switch_credits: (c, n) => `${c.on === false ? "keep" : "let"} ${n.user(c.user)} ${c.on === false ? "from using" : "use"} credits`,
  transfer_ownership: (c, n) => `hand ownership over to ${n.user(c.to)}`,
  accept_ownership: () => "accept ownership",
  cancel_transfer: () => "cancel the transfer of ownership",

  create_role: (c) => `make the role ${c.title}`,
  change_role: (c) => `change the role ${c.title}`,
  delete_role: (c, n) => `delete the role ${n.role(c.role)}${c.instead ? `, ${n.role(c.instead)} instead` : ""}`,

  give_access: (c, n) => `give ${n.user(c.user)} access to ${n.workspace(c.workspace)}: ${overrideWords(c.changes ?? {}, n)}`,
  take_access: (c, n) => `take the access of ${n.user(c.user)} to ${n.workspace(c.workspace)}`,
  set_rule: (c, n) => `set a rule for ${holderWords(c.holder, n)} in ${n.workspace(c.workspace)}: ${signedWords(c.given, c.taken, n) || "nothing"}`,

  create_team: (c) => `make the team ${c.name}`,
  rename_team: (c, n) => `rename the team ${n.team(c.team)} to ${c.name}`,
  dissolve_team: (c, n) => `dissolve the team ${n.team(c.team)}`,
  join_team: (c, n) => `put ${n.user(c.user)} into the team ${n.team(c.team)}`,
  leave_team: (c, n) => `take ${n.user(c.user)} out of the team ${n.team(c.team)}`,

  give_share: (c, n) => `share with ${recipientWords(c.to, n)}: ${listed(c.level.map(n.permission))}`,
  change_share: (c, n) => `change the share with ${n.share(c.share)}: ${listed(c.level.map(n.permission))}`,
  revoke_share: (c, n) => `close the share with ${n.share(c.share)}`,
  clear_shares: () => "close every share",
  claim_share: () => "take what was shared with their address",

  grant: (c) => `grant ${number(c.amount)} credits (${spaced(c.class)})${c.expires ? `, until ${dateTime(c.expires)}` : ""}`,
  charge: (c) => `charge ${number(c.amount)} credits`,
  hold: (c) => `hold ${number(c.amount)} credits until ${dateTime(c.until)}`,
  settle: (c) => `settle for ${number(c.amount)} credits`,
  capture: (c) => `capture ${number(c.amount)} credits`,
  release: () => "release a hold",
  refund: (c) => `refund ${c.amount == null ? "all of a spend" : `${number(c.amount)} credits`}`,
  set_limit: (c, n) => `limit ${c.scope?.user ? n.user(c.scope.user) : "everybody"} to ${number(c.max)} credits`,
  void: (c) => `void lot ${c.lot}`,
};

/**
 * What an invitation promises.
 * @param {{ roles?: string[], access?: [string, Override][] }} gift
 * @param {Names} names
 */
function promised(gift, names) {
  const roles = listed((gift.roles ?? []).map(names.role));
  const access = (gift.access ?? []).map(([workspace, changes]) => `in ${names.workspace(workspace)} ${overrideWords(changes, names)}`);
  const words = [roles, ...access].filter((part) => part !== "");
  return words.length === 0 ? "" : ` as ${words.join("; ")}`;
}

/**
 * What is different in one workspace.
 * @param {Override} changes
 * @param {Names} names
 */
export function overrideWords(changes, names) {
  const role = changes.role == null ? "their own roles" : names.role(changes.role);
  const signed = signedWords(changes.added ?? [], changes.removed ?? [], names);
  const until = changes.until == null ? "" : `, until ${dateTime(changes.until)}`;
  return `${role}${signed === "" ? "" : `, ${signed}`}${until}`;
}

/**
 * @param {readonly string[]} given
 * @param {readonly string[]} taken
 * @param {Names} names
 */
export function signedWords(given = [], taken = [], names) {
  return [...given.map((key) => `+ ${names.permission(key)}`), ...taken.map((key) => `− ${names.permission(key)}`)].join(", ");
}

/**
 * @param {{ group?: string, team?: string }} holder
 * @param {Names} names
 */
export function holderWords(holder, names) {
  return holder.group === undefined ? `the team ${names.team(holder.team ?? "")}` : names.group(holder.group);
}

/**
 * To whom a share is.
 * @param {any} to
 * @param {Names} names
 */
export function recipientWords(to, names) {
  if (to === "members") return "every member";
  if (to.user !== undefined) return names.user(to.user);
  if (to.address !== undefined) return to.address;
  if (to.group !== undefined) return names.group(to.group);
  if (to.team !== undefined) return `the team ${names.team(to.team)}`;
  if (to.link !== undefined) return "whoever has the link";
  return "another organization";
}
