// Gains and losses in words: where and when they hold.

import { listed } from "./list.js";
import { date } from "./time.js";

/**
 * @typedef {import("../package.js").AccessChange} AccessChange
 * @typedef {import("./command.js").Names} Names
 */

/**
 * Where, on what and when something is gained or lost.
 * @param {AccessChange["extent"]} extent
 * @param {Names} names
 */
export function extentWords({ place, on, except, from, until }, names) {
  const where = place === "organization" ? "in the organization" : `in ${names.workspace(place.workspace)}`;
  const what = typeof on === "string" ? ON[on] : `on ${names.resource(on.resource)}`;
  return [
    where,
    what,
    except.length > 0 ? `but not in ${listed(except.map(names.workspace))}` : "",
    from === null ? "" : `from ${date(from)}`,
    until === null ? "" : `until ${date(until)}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

const ON = { everything: "", seen: "on what is their own or shared with them", unshared: "on what is not shared with them", own: "on what is their own" };
