// The companies that come with the presets, so that the page is never empty.

import { Catalog } from "../package.js";
import { agency } from "./agency.js";
import { cloud } from "./cloud.js";
import { production } from "./production.js";
import { studio } from "./studio.js";

/**
 * @typedef {{ who: string, may: string, where: string }} Asked a question that is worth asking of a company
 * @typedef {{ story: import("../session/story.js").Story, question: Asked }} Told
 */

/** @type {Record<string, { title: string, tell: (preset: string) => Told }>} By the names of the presets. */
export const COMPANIES = {
  cloud: { title: "Acme, a cloud console", tell: cloud },
  studio: { title: "Acme Films, a film studio", tell: studio },
  production: { title: "Acme Films, a production team", tell: production },
  agency: { title: "Acme Agency, with clients", tell: agency },
};

/** The company that is there at first. */
export const FIRST = "cloud";

/**
 * Tells how a company came to be.
 * @param {string} name of a preset
 * @returns {Told}
 */
export function tell(name) {
  const company = COMPANIES[name] ?? /** @type {typeof COMPANIES[string]} */ (COMPANIES[FIRST]);
  return company.tell(Catalog.presetText(COMPANIES[name] === undefined ? FIRST : name));
}
