// Signs: what was answered, given, taken. A sign and a word stand beside every color.

import { h } from "./element.js";

/** @typedef {import("../package.js").Decision} Decision */

/** @param {Decision} decision */
export function toneOf(decision) {
  if (decision.allowed) return "gave";
  return decision.code === "step_up" ? "wait" : "took";
}

/** @type {Record<string, string>} */
const SIGNS = { gave: "✓", took: "✕", wait: "?" };

/** @param {string} tone */
function signOf(tone) {
  return SIGNS[tone] ?? "·";
}

/**
 * @param {string} tone
 * @param {string} [text]
 */
export function sign(tone, text = signOf(tone)) {
  return h("span", { class: `sign ${tone}`, "aria-hidden": "true" }, text);
}

/** @param {Decision} decision */
export function answerWord(decision) {
  if (decision.allowed) return "Yes";
  return decision.code === "step_up" ? "Not yet" : "No";
}
