// Gains and losses: person by person, place by place.

import { actorWords } from "../session/names.js";
import { extentWords } from "../words/change.js";
import { h } from "./element.js";

/**
 * @typedef {import("../package.js").AccessChange} AccessChange
 * @typedef {import("../words/command.js").Names} Names
 */

/**
 * @param {readonly AccessChange[]} changes
 * @param {Names} names
 */
export function changesTable(changes, names) {
  if (changes.length === 0) return h("p", { class: "quiet" }, "Nobody gains or loses anything.");
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Who gains and loses what" },
    h(
      "table",
      { class: "changes" },
      h("thead", null, h("tr", null, ["Who", "Where", "Gains", "Loses"].map((title) => h("th", { scope: "col" }, title)))),
      h(
        "tbody",
        null,
        changes.map(({ who, extent, gained, lost }) =>
          h(
            "tr",
            null,
            h("th", { scope: "row" }, h("bdi", null, actorWords(who, names))),
            h("td", null, h("bdi", null, extentWords(extent, names))),
            h("td", null, permissions(gained, "gave", "+", names)),
            h("td", null, permissions(lost, "took", "−", names)),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {readonly string[]} keys
 * @param {string} tone
 * @param {string} mark
 * @param {Names} names
 */
function permissions(keys, tone, mark, names) {
  if (keys.length === 0) return h("span", { class: "quiet" }, "–");
  return h("ul", { class: "chips" }, keys.map((key) => h("li", { class: `chip ${tone}`, title: key }, `${mark} ${names.permission(key)}`)));
}
