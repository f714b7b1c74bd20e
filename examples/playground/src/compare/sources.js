// What can be compared: the catalog in force, what stands in the editor, the presets.

import { COMPANIES } from "../companies/index.js";
import { Catalog } from "../package.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {{ value: string, text: string }} Source
 */

export const IN_FORCE = "in force";
export const DRAFT = "draft";

/**
 * @param {App} app
 * @returns {Source[]}
 */
export function sources({ session, chosen }) {
  return [
    { value: IN_FORCE, text: `in force (${session.inForce.description.name})` },
    { value: DRAFT, text: chosen.draft === null ? "in the editor (the same)" : "in the editor, changed" },
    ...Object.keys(COMPANIES).map((name) => ({ value: name, text: `preset ${name}` })),
  ];
}

/**
 * The text of a source.
 * @param {App} app
 * @param {string} source
 */
export function textOf({ session, chosen }, source) {
  if (source === DRAFT) return chosen.draft ?? session.inForce.text;
  return COMPANIES[source] === undefined ? session.inForce.text : Catalog.presetText(source);
}
