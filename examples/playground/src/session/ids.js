// Ids: numbers of 128 bits that the page chooses, as every caller of the library does. They count, so that a session is the same each time.

/** The kinds of things that get ids; the number is the first group of the id, so that ids can be told apart by eye. */
const KINDS = { organization: 1, user: 2, workspace: 3, invitation: 4, team: 5, resource: 6, share: 7, hold: 8, key: 9, link: 10 };

/** @typedef {keyof typeof KINDS} IdKind */

/**
 * The n-th id of a kind.
 * @param {IdKind} kind
 * @param {number} n from 1
 */
export function idOf(kind, n) {
  return `${KINDS[kind].toString(16).padStart(8, "0")}-0000-0000-0000-${n.toString(16).padStart(12, "0")}`;
}

/** The organization of every session. */
export const ORGANIZATION = idOf("organization", 1);

/**
 * The hash of a secret that an application would have made at random. Here nothing is secret, and the same link is to show the same.
 * @param {number} n
 * @returns {number[]} 32 bytes
 */
export function secretOf(n) {
  return Array.from({ length: 32 }, (_, at) => (n * 31 + at * 7) % 256);
}
