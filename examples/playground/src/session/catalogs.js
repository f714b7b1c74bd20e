// Catalogs: a text becomes one, or a list of mistakes.

import { Catalog, failureOf } from "../package.js";

/**
 * @typedef {import("../package.js").CatalogDescription} CatalogDescription
 * @typedef {import("../package.js").Mistake} Mistake
 * @typedef {{ text: string, catalog: Catalog, description: CatalogDescription }} ReadCatalog
 */

/**
 * Reads a catalog from TOML or JSON.
 * @param {string} text
 * @returns {{ read: ReadCatalog, mistakes: null } | { read: null, mistakes: readonly Mistake[] }}
 */
export function readCatalog(text) {
  try {
    const catalog = Catalog.parse(text);
    return { read: { text, catalog, description: catalog.describe() }, mistakes: null };
  } catch (thrown) {
    return { read: null, mistakes: mistakesOf(thrown) };
  }
}

/**
 * The mistakes of a text; one for the whole, where it could not even be looked at.
 * @param {unknown} thrown
 * @returns {readonly Mistake[]}
 */
export function mistakesOf(thrown) {
  const failure = failureOf(thrown);
  const listed = /** @type {readonly Mistake[] | undefined} */ (failure.facts.mistakes);
  return listed ?? [{ path: "", code: "syntax", text: failure.text, place: null }];
}
