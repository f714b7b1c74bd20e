// The editor: a text with its line numbers, and the lines with mistakes marked in it.

import { h } from "../ui/element.js";

/**
 * @typedef {import("../package.js").Mistake} Mistake
 *
 * @typedef {object} Editor
 * @property {HTMLElement} element
 * @property {() => string} text
 * @property {(text: string) => void} put another text in
 * @property {(mistakes: readonly Mistake[]) => void} mark the lines of these, and of no others
 * @property {(mistake: Mistake) => void} goTo where a mistake is
 */

/** How high a line is, in pixels; the sheet says the same. */
const LINE = 20;

/**
 * @param {string} text
 * @param {(text: string) => void} changed
 * @returns {Editor}
 */
export function makeEditor(text, changed) {
  const numbers = h("div", { class: "numbers", "aria-hidden": "true" });
  const stripes = h("div", { class: "stripes", "aria-hidden": "true" });
  const area = h("textarea", {
    "data-key": "catalog",
    "aria-label": "The catalog, as TOML or JSON",
    "aria-describedby": "catalog-said",
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    wrap: "off",
    oninput: () => changed(area.value),
    onscroll: () => follow(),
  });
  /** @type {Map<number, number>} how many mistakes there are in a line */
  let marked = new Map();

  const number = () => {
    const count = area.value.split("\n").length;
    numbers.replaceChildren(
      ...Array.from({ length: count }, (_, at) => {
        const mistakes = marked.get(at + 1);
        return h("div", { class: mistakes === undefined ? "" : "wrong" }, mistakes === undefined ? String(at + 1) : `✕ ${at + 1}`);
      }),
    );
    stripes.replaceChildren(
      ...[...marked.keys()].map((line) => {
        const stripe = h("div", { class: "stripe" });
        stripe.style.top = `${(line - 1) * LINE}px`;
        return stripe;
      }),
    );
    follow();
  };
  const follow = () => {
    numbers.style.transform = `translateY(${-area.scrollTop}px)`;
    stripes.style.transform = `translateY(${-area.scrollTop}px)`;
  };
  const put = (/** @type {string} */ other) => {
    area.value = other;
    number();
  };
  put(text);
  return {
    element: h("div", { class: "editor" }, h("div", { class: "gutter" }, numbers), h("div", { class: "sheet" }, stripes, area)),
    text: () => area.value,
    put,
    mark: (mistakes) => {
      marked = new Map();
      for (const { place } of mistakes) if (place !== null) marked.set(place.line, (marked.get(place.line) ?? 0) + 1);
      number();
    },
    goTo: ({ place }) => {
      area.focus();
      if (place === null) return;
      area.setSelectionRange(place.offset, place.offset + place.length);
      area.scrollTop = Math.max(0, (place.line - 4) * LINE);
      area.scrollLeft = Math.max(0, (place.column - 40) * 7);
    },
  };
}
