// Holds that are open: settled for what the work cost, or released.

import { ORGANIZATION } from "../session/ids.js";
import { actorWords } from "../session/names.js";
import { h } from "../ui/element.js";
import { amount, field } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { number } from "../words/list.js";
import { dateTime } from "../words/time.js";
import { orderOf } from "./orders.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {{ hold: string, by: string, left: number, until: number }} OpenHold
 */

/** @param {App} app */
export function holds(app) {
  const open = openHolds(app);
  return h(
    "section",
    { class: "card" },
    h("h2", null, "Open holds"),
    open.length === 0 ? h("p", { class: "quiet" }, "None. A hold promises credits to work whose cost is known afterwards.") : open.map((hold) => holdItem(app, hold)),
  );
}

/**
 * @param {App} app
 * @returns {OpenHold[]}
 */
function openHolds({ session }) {
  const { tenants, now, outcomes } = session.shown;
  return session.story.attempts.slice(0, outcomes.length).flatMap((attempt, at) => {
    if (attempt.kind !== "order" || attempt.request.hold === undefined || outcomes[at]?.refusal !== null) return [];
    const { hold } = attempt.request.hold;
    const found = tenants.ask(ORGANIZATION, { hold }, now);
    return found === null ? [] : [{ hold, by: attempt.by, left: Number(found.left), until: found.until }];
  });
}

/**
 * @param {App} app
 * @param {OpenHold} open
 */
function holdItem(app, { hold, by, left, until }) {
  const cost = amount(`cost ${hold}`, Math.round(left / 2));
  const said = saidSlot();
  return h(
    "div",
    { class: "hold" },
    form(app, {
      key: `settle ${hold}`,
      title: `${number(left)} credits, of ${actorWords(by, app.names())}`,
      about: `Until ${dateTime(until)}; then they are given back.`,
      fields: field("What it cost", cost, "narrow"),
      action: "Settle",
      previewed: false,
      attempt: () => orderOf(app, "system", { settle: { hold, amount: Number(cost.value) } }),
    }),
    h("div", { class: "actions" }, deedButton(app, said, `Release the ${number(left)}`, () => orderOf(app, "system", { release: { hold } }))),
    said,
  );
}
