// The address: which part of the page is open and what it asks, or a whole story that somebody shares.

/**
 * @typedef {import("../app.js").Chosen} Chosen
 * @typedef {{ tab: string | null, asked: Chosen["asked"] | null, story: string | null }} Address
 */

/**
 * Reads the part of an address behind `#`.
 * @param {string} hash
 * @returns {Address}
 */
export function readHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const [who, may, where] = [parts.get("who"), parts.get("may"), parts.get("in")];
  return {
    tab: parts.get("tab"),
    asked: who !== null && may !== null && where !== null ? { who, may, where } : null,
    story: parts.get("story"),
  };
}

/**
 * Writes the same.
 * @param {Pick<Chosen, "tab" | "asked">} chosen
 * @param {string} [story]
 */
export function writeHash({ tab, asked }, story) {
  const parts = new URLSearchParams({ tab, who: asked.who, may: asked.may, in: asked.where });
  if (story !== undefined) parts.set("story", story);
  return `#${parts}`;
}
