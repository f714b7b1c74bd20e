// The only door to the package. Every answer on this page comes through here; the page itself decides nothing.

import { BailiwickError, Catalog, Tenants, init } from "../pkg/core.js";

export { BailiwickError, Catalog, Tenants };

/**
 * @typedef {import("../pkg/core.js").CatalogDescription} CatalogDescription
 * @typedef {import("../pkg/core.js").PermissionInfo} PermissionInfo
 * @typedef {import("../pkg/core.js").RoleInfo} RoleInfo
 * @typedef {import("../pkg/core.js").Mistake} Mistake
 * @typedef {import("../pkg/core.js").Finding} Finding
 * @typedef {import("../pkg/core.js").Command} Command
 * @typedef {import("../pkg/core.js").ShareCommand} ShareCommand
 * @typedef {import("../pkg/core.js").Request} Request
 * @typedef {import("../pkg/core.js").Spender} Spender
 * @typedef {import("../pkg/core.js").Override} Override
 * @typedef {import("../pkg/core.js").Actor} Actor
 * @typedef {import("../pkg/core.js").ActorOut} ActorOut
 * @typedef {import("../pkg/core.js").Facts} Facts
 * @typedef {import("../pkg/core.js").Target} Target
 * @typedef {import("../pkg/core.js").Resource} Resource
 * @typedef {import("../pkg/core.js").Decision} Decision
 * @typedef {import("../pkg/core.js").Explanation} Explanation
 * @typedef {import("../pkg/core.js").Layer} Layer
 * @typedef {import("../pkg/core.js").NearestChange} NearestChange
 * @typedef {import("../pkg/core.js").View} View
 * @typedef {import("../pkg/core.js").Effect} Effect
 * @typedef {import("../pkg/core.js").Failure} Failure
 * @typedef {import("../pkg/core.js").Preview} Preview
 * @typedef {import("../pkg/core.js").SharePreview} SharePreview
 * @typedef {import("../pkg/core.js").AccessChange} AccessChange
 * @typedef {import("../pkg/core.js").Comparison} Comparison
 * @typedef {import("../pkg/core.js").KeptShare} KeptShare
 * @typedef {import("../pkg/core.js").Recipient} Recipient
 * @typedef {import("../pkg/core.js").RuleFor} RuleFor
 * @typedef {import("../pkg/core.js").Lot} Lot
 * @typedef {import("../pkg/core.js").Balance} Balance
 * @typedef {import("../pkg/core.js").Receipt} Receipt
 * @typedef {import("../pkg/core.js").EventRecord} EventRecord
 */

/** Loads the module that everything else needs. */
export async function load() {
  await init(new URL("../pkg/bailiwick.wasm", import.meta.url));
}

/**
 * The refusal in what was thrown. Whatever else is thrown is a mistake of the page, and goes on.
 * @param {unknown} thrown
 * @returns {Failure}
 */
export function failureOf(thrown) {
  if (thrown instanceof BailiwickError) return thrown.toJSON();
  throw thrown;
}
