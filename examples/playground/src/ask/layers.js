// The layers of the seventh rule, drawn as a wire that is full where the permission is held.

import { actorWords } from "../session/names.js";
import { h } from "../ui/element.js";
import { sign } from "../ui/signs.js";
import { spaced } from "../words/list.js";
import { dateTime } from "../words/time.js";
import { bandsOf } from "./bands.js";

/**
 * @typedef {import("../package.js").Explanation} Explanation
 * @typedef {import("../package.js").Layer} Layer
 * @typedef {import("../words/command.js").Names} Names
 * @typedef {import("./bands.js").Band} Band
 */

const TONES = { gives: "gave", takes: "took", nothing: "" };
const MARKS = { gives: "+", takes: "−", nothing: "·" };

/**
 * @param {Explanation} explanation
 * @param {Names} names
 */
export function layers(explanation, names) {
  const granted = explanation.steps.find(({ rule }) => rule === 7);
  if (granted === undefined) return h("p", { class: "quiet small" }, "Rule 7 was never asked, so no layer had a say.");
  const held = granted.verdict === "passed";
  return h(
    "div",
    null,
    h("p", { class: "quiet small" }, "The nearest has the last word; beside one another, a taking wins."),
    h("ol", { class: "layers" }, bandsOf(explanation.layers).map((band) => bandItem(band, names))),
    h("div", { class: "outcome" }, h("span", { class: `end ${held ? "held" : ""}`, "aria-hidden": "true" }), h("p", null, held ? "Granted" : "Not granted")),
  );
}

/**
 * @param {Band} band
 * @param {Names} names
 */
function bandItem({ title, silent, layers: inside, effect, before, after }, names) {
  const wire = `in-${before ? "held" : "free"} out-${after ? "held" : "free"}`;
  const empty = inside.length === 0;
  return h(
    "li",
    { class: `band ${wire} ${empty ? "silent" : ""}` },
    sign(TONES[effect], MARKS[effect]),
    h("div", null, h("h3", null, title, empty ? h("span", null, silent) : null), inside.map((layer) => layerItem(layer, names))),
  );
}

/**
 * @param {Layer} layer
 * @param {Names} names
 */
function layerItem(layer, names) {
  return h(
    "div",
    { class: `layer ${layer.effect}` },
    h("span", { class: "mark", "aria-hidden": "true" }, MARKS[layer.effect]),
    h("span", null, h("bdi", null, subject(layer, names)), " ", h("strong", null, verb(layer))),
    origin(layer, names),
  );
}

/**
 * Who a layer is.
 * @param {Layer} layer
 * @param {Names} names
 */
function subject({ kind, what }, names) {
  switch (kind) {
    case "organization_role":
    case "inherited_role":
    case "role_out_of_reach":
      return `Role ${names.role(what)}`;
    case "override_role":
      return `Role ${names.role(what)}, set for here,`;
    case "group_rule":
      return `The rule for ${names.group(what)}`;
    case "team_rule":
      return `The rule for the team ${what}`;
    case "row":
      return "The access row";
    case "share":
      return `The share ${what}`;
    default:
      return what.charAt(0).toUpperCase() + what.slice(1);
  }
}

/**
 * What a layer did.
 * @param {Layer} layer
 */
function verb({ kind, effect }) {
  switch (`${kind} ${effect}`) {
    case "role_out_of_reach nothing":
      return "does not reach here";
    case "row gives":
      return "adds it";
    case "row takes":
      return "removes it";
    case "firm_role gives":
      return "keep it";
    case "override_role takes":
      return "does not have it";
    case "personal takes":
      return "is private";
    case "role_bound takes":
      return "do not go that far";
    case "sight takes":
    case "sight nothing":
      return "";
    case "service takes":
    case "staff takes":
      return "does not include it";
    case "ended nothing":
      return "has ended";
    case "organization_role nothing":
    case "inherited_role nothing":
    case "override_role nothing":
      return "does not have it";
    default:
      return { gives: "gives it", takes: "takes it", nothing: "is about other permissions" }[effect];
  }
}

/**
 * Where a layer, or what a rule found, comes from, and when it ends.
 * @param {Pick<Layer, "origin" | "event" | "until">} found
 * @param {Names} names
 */
export function origin({ origin: from, event, until }, names) {
  const since = from === null ? [] : [`by ${actorWords(from.by, names)}, version ${from.version}${event === null ? "" : `: ${spaced(event)}`}`];
  const words = [...since, ...(until === null ? [] : [`until ${dateTime(until)}`])];
  return words.length === 0 ? null : h("span", { class: "from" }, h("bdi", null, words.join(" · ")));
}
