// Bands: the layers of an explanation in the order in which they lie on one another, and where the permission is held between them.
//
// What each layer did is the package's word. Here it is only sorted: layers of one band act together, and within a band a taking wins.

/** @typedef {import("../package.js").Layer} Layer */

/**
 * @typedef {object} Band
 * @property {string} title
 * @property {string} silent what it says where nothing lies in it
 * @property {Layer[]} layers
 * @property {"gives" | "takes" | "nothing"} effect
 * @property {boolean} before whether the permission was held when it came in
 * @property {boolean} after and when it went out
 */

/**
 * @typedef {object} Kind
 * @property {string} title
 * @property {string} silent
 * @property {string[]} kinds
 * @property {boolean} always whether it is shown where nothing lies in it
 */

/** @type {Kind[]} Organization permissions come from roles alone. */
const IN_ORGANIZATION = [
  { title: "Roles", silent: "no role", kinds: ["organization_role"], always: true },
  { title: "Bounds", silent: "", kinds: ["service", "staff"], always: false },
];

/** @type {Kind[]} Farthest first; the nearest has the last word. */
const IN_WORKSPACE = [
  { title: "Inherited from roles", silent: "no role", kinds: ["organization_role", "inherited_role", "role_out_of_reach"], always: true },
  { title: "Another role here instead", silent: "none", kinds: ["override_role"], always: true },
  { title: "Rules of groups and teams here", silent: "none about this person", kinds: ["group_rule", "team_rule"], always: true },
  { title: "The person’s own row here", silent: "adds and removes nothing", kinds: ["row"], always: true },
  { title: "What overrides cannot reduce", silent: "", kinds: ["firm_role"], always: false },
  { title: "What is seen", silent: "", kinds: ["sight", "personal"], always: false },
  { title: "What is shared", silent: "", kinds: ["share"], always: false },
  { title: "Bounds", silent: "", kinds: ["role_bound", "service", "staff"], always: false },
  { title: "Ended", silent: "", kinds: ["ended"], always: false },
];

/**
 * @param {readonly Layer[]} layers of one explanation
 * @returns {Band[]}
 */
export function bandsOf(layers) {
  const kinds = layers.some((layer) => layer.kind === "organization_role") || layers.length === 0 ? IN_ORGANIZATION : IN_WORKSPACE;
  const known = new Set(kinds.flatMap((kind) => kind.kinds));
  const others = { title: "Others", silent: "", kinds: layers.map((layer) => layer.kind).filter((kind) => !known.has(kind)), always: false };
  let held = false;
  const bands = [];
  for (const { title, silent, kinds: members, always } of [...kinds, others]) {
    const inside = layers.filter((layer) => members.includes(layer.kind));
    if (inside.length === 0 && !always) continue;
    const effect = together(inside);
    const before = held;
    held = effect === "nothing" ? held : effect === "gives";
    bands.push({ title, silent, layers: inside, effect, before, after: held });
  }
  return bands;
}

/**
 * What the layers of one band do together: a taking wins.
 * @param {Layer[]} layers
 * @returns {Band["effect"]}
 */
function together(layers) {
  if (layers.some((layer) => layer.effect === "takes")) return "takes";
  return layers.some((layer) => layer.effect === "gives") ? "gives" : "nothing";
}
