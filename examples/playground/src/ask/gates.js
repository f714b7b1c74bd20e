// The ten rules as gates in a row: which were passed, which one answered, which were never asked.

import { h } from "../ui/element.js";
import { sign, toneOf } from "../ui/signs.js";
import { capital } from "../words/list.js";
import { origin } from "./layers.js";

/**
 * @typedef {import("../package.js").Explanation} Explanation
 * @typedef {Explanation["steps"][number]} Step
 */

/** What the rules are about, for those that were not asked. */
const RULES = ["exists", "belongs to it", "good standing", "active", "person active", "workspace", "granted", "plan", "identity", "allow"];

/**
 * @param {Explanation} explanation
 * @param {import("../words/command.js").Names} names
 */
export function gates({ decision, steps }, names) {
  const answered = steps[steps.length - 1]?.rule ?? 0;
  return h(
    "div",
    null,
    h(
      "ol",
      { class: "gates" },
      RULES.map((name, at) => gate(at + 1, name, steps.find(({ rule }) => rule === at + 1), answered, toneOf(decision))),
    ),
    h(
      "details",
      { class: "more" },
      h("summary", null, "What each rule found"),
      h("dl", { class: "findings" }, steps.map((step) => finding(step, names))),
    ),
  );
}

/**
 * @param {number} rule
 * @param {string} name
 * @param {Step | undefined} step
 * @param {number} answered which rule was the answer
 * @param {string} tone of the answer
 */
function gate(rule, name, step, answered, tone) {
  if (step === undefined) {
    // A rule that has nothing to ask of this question lets it pass without a word.
    const passed = rule < answered;
    return h("li", { class: `gate ${passed ? "passed" : "unasked"}` }, sign("", passed ? "·" : String(rule)), h("span", { class: "name" }, name), unseen(passed ? "nothing to ask" : "not asked"));
  }
  const says = step.verdict === "passed" ? "gave" : tone;
  return h("li", { class: `gate ${step.verdict}` }, sign(says), h("span", { class: "name" }, name), unseen(step.verdict === "passed" ? "passed" : "answered"));
}

/** @param {string} text */
function unseen(text) {
  return h("span", { class: "unseen" }, `: ${text}`);
}

/**
 * @param {Step} step
 * @param {import("../words/command.js").Names} names
 */
function finding({ rule, question, finding: found, origin: from }, names) {
  const by = from === null ? null : [" ", origin({ origin: from, event: null, until: null }, names)];
  return [h("dt", { class: "number" }, String(rule)), h("dd", null, capital(question), found === "" ? null : [": ", h("bdi", null, found)], by)];
}
