// WHAT IS USED UP? Credits in lots, each with its end; charges, holds, and time that goes by.

import { ORGANIZATION } from "../session/ids.js";
import { h } from "../ui/element.js";
import { number } from "../words/list.js";
import { DAY, dateTime } from "../words/time.js";
import { burning } from "./burning.js";
import { holds } from "./holds.js";
import { lotBars } from "./lots.js";
import { orders } from "./orders.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Balance} Balance
 * @typedef {import("../package.js").Lot} Lot
 */

/** @type {import("../app.js").Part} */
export const credits = { key: "credits", title: "Credits", render };

/** @param {App} app */
function render(app) {
  const { shown } = app.session;
  if (shown.view() === null) return h("section", { class: "card" }, h("p", null, "There is no company, so there are no credits."));
  const balance = shown.tenants.ask(ORGANIZATION, "balance", shown.now);
  const lots = shown.lots();
  return [
    h(
      "section",
      { class: "card" },
      h("h2", { tabindex: -1, "data-landing": true }, "Credits"),
      figures(balance),
      clock(app, lots),
    ),
    h("section", { class: "card" }, h("h2", null, "Lots, in the order in which they are used up"), lotBars(lots, shown.now)),
    h("section", { class: "card" }, h("h2", null, "How they burned down"), h("p", { class: "quiet small" }, "One bar for each time at which credits moved or time went by; what is left of each lot lies on the others, held credits hatched."), burning(app)),
    h("div", { class: "two" }, orders(app), holds(app)),
  ];
}

/** @param {Balance} balance */
function figures(balance) {
  const figure = (/** @type {string} */ title, /** @type {number | bigint} */ value) => h("div", null, h("dt", null, title), h("dd", { class: "number" }, number(Number(value))));
  return [
    h(
      "dl",
      { class: "figures" },
      figure("Spendable", balance.spendable),
      figure("Held", balance.held),
      figure("Spent", balance.spent),
      figure("Expired", balance.expired),
      figure("Owed", balance.owed),
      figure("Bank", balance.bank),
    ),
    balance.period && h("p", { class: "quiet small" }, `The present period began ${dateTime(balance.period.start)}${balance.period.end === null ? "" : ` and ends ${dateTime(balance.period.end)}`}.`),
  ];
}

/**
 * Moves the clock: by so much, or to the next end of a lot.
 * @param {App} app
 * @param {readonly Lot[]} lots
 */
function clock({ session }, lots) {
  const { now } = session.shown;
  const ends = lots.map(({ expires }) => expires).filter((end) => end !== null && end > now);
  const next = ends.length === 0 ? null : Math.min(.../** @type {number[]} */ (ends));
  const button = (/** @type {string} */ text, /** @type {number} */ span_ms) => h("button", { type: "button", class: "button", "data-key": text, onclick: () => session.attempt({ kind: "wait", span_ms }) }, text);
  return h(
    "div",
    { class: "actions", role: "group", "aria-label": "Let time go by" },
    h("span", { class: "number" }, `${dateTime(now)} UTC`),
    button("+ 1 day", DAY),
    button("+ 1 week", 7 * DAY),
    button("+ 30 days", 30 * DAY),
    next === null ? null : button("To the next end of a lot", next - now),
  );
}

