// Moves: what becomes of keys that the other catalog does not have. A proposal to begin with, for people to correct; and what is kept, because
// nothing can become of it.

import { Catalog } from "../package.js";

/**
 * @typedef {import("../package.js").CatalogDescription} CatalogDescription
 * @typedef {{ key: string, rank: number, owner?: boolean }} Ranked
 */

/**
 * Proposes what becomes of what is gone: permissions and groups go, roles become those of the nearest rank, and owners stay owners.
 * @param {CatalogDescription} before
 * @param {CatalogDescription} after
 * @returns {string} TOML; empty where nothing is gone
 */
export function proposedMoves(before, after) {
  const lists = {
    permissions: gone(before.permissions, after.permissions).map(({ key }) => `{ remove = ${quoted(key)} }`),
    roles: roles(before.roles, after.roles),
    groups: gone(before.groups, after.groups).map(({ key }) => `{ remove = ${quoted(key)} }`),
  };
  const said = Object.entries(lists).filter(([, moves]) => moves.length > 0);
  return said.map(([name, moves]) => `${name} = [\n${moves.map((move) => `    ${move},\n`).join("")}]\n`).join("\n");
}

/**
 * @template {{ key: string }} T
 * @param {readonly T[]} before
 * @param {readonly { key: string }[]} after
 */
function gone(before, after) {
  return before.filter(({ key }) => !after.some((other) => other.key === key));
}

/**
 * A role that is called the same and is not the same goes over, too: nobody becomes an owner by having had a role of that name.
 * @param {readonly Ranked[]} before
 * @param {readonly Ranked[]} after
 */
function roles(before, after) {
  return before
    .filter(({ key, owner }) => !after.some((other) => other.key === key && other.owner === owner))
    .map((role) => {
      const to = nearest(role, after.filter(({ owner }) => owner === role.owner));
      return `{ ${role.owner ? "rename" : "remove"} = ${quoted(role.key)}, to = ${quoted(to)} }`;
    });
}

/**
 * @param {Ranked} of
 * @param {readonly Ranked[]} among
 */
function nearest({ rank }, among) {
  return among.toSorted((one, other) => Math.abs(one.rank - rank) - Math.abs(other.rank - rank))[0]?.key ?? "";
}

/**
 * A text as TOML writes it.
 * @param {string} text
 */
function quoted(text) {
  return JSON.stringify(text);
}

/** What a company rests on and cannot do without: no move takes it away. */
const KEPT = /** @type {const} */ (["plans", "providers", "meters"]);

/**
 * The later catalog with what the earlier one has of plans, providers and meters, so that a company can be moved there.
 * @param {Catalog} before
 * @param {Catalog} after
 * @returns {{ catalog: Catalog, kept: string[] }}
 */
export function withKept(before, after) {
  const [old, next] = [JSON.parse(before.toText()), JSON.parse(after.toText())];
  const kept = [];
  for (const section of KEPT) {
    const missing = (old[section] ?? []).filter((/** @type {unknown} */ each) => !(next[section] ?? []).some((/** @type {unknown} */ other) => keyOf(other) === keyOf(each)));
    next[section] = [...(next[section] ?? []), ...missing];
    kept.push(...missing.map(keyOf));
  }
  return { catalog: Catalog.parse(JSON.stringify(next)), kept };
}

/** @param {any} each a key, or what has one */
function keyOf(each) {
  return typeof each === "string" ? each : each.key;
}
