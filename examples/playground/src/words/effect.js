// Effects in words: what there is for an application to do about what happened.

import { spaced } from "./list.js";
import { date } from "./time.js";

/**
 * @typedef {import("../package.js").Effect} Effect
 * @typedef {import("./command.js").Names} Names
 */

/**
 * @param {Effect} effect
 * @param {Names} names
 */
export function effectWords(effect, names) {
  if (typeof effect === "string") return spaced(effect);
  const [name, fields] = /** @type {[string, any]} */ (Object.entries(effect)[0] ?? ["", {}]);
  const words = WORDS[name];
  return words === undefined ? spaced(name) : words(fields, names);
}

/** @type {Record<string, (fields: any, names: Names) => string>} */
const WORDS = {
  send_invitation: (e) => `send the invitation to ${e.address}`,
  end_sessions: (e, n) => `end the sessions of ${n.user(e.user)}`,
  drop_shares: (e, n) => `drop the shares that name ${n.user(e.user)}`,
  drop_team_shares: () => "drop the shares with the team",
  hand_over_content: (e, n) => `hand the content of ${n.user(e.from)} over to ${n.user(e.to)}`,
  offer_ownership: (e, n) => `ask ${n.user(e.to)} whether they want to become the owner`,
  change_subscription: (e, n) => `tell the payment provider: ${n.plan(e.plan)}${e.seats > 0 ? `, ${e.seats} seats` : ""}`,
  dispose_of_organization: (e) => `dispose of everything by ${date(e.purge_at)}`,
  purge_content: (e) => `delete every ${e.kind} on ${date(e.due)}`,
  delete_workspace_content: (e, n) => `delete everything in ${n.workspace(e.workspace)}`,
};
