// Lots as bars: where each credit of a lot is now, and when the lot ends.

import { h } from "../ui/element.js";
import { capital, number, spaced } from "../words/list.js";
import { DAY, date } from "../words/time.js";

/** @typedef {import("../package.js").Lot} Lot */

const COLUMNS = /** @type {const} */ (["available", "held", "spent", "expired", "voided"]);

/**
 * @param {readonly Lot[]} lots
 * @param {number} now
 */
export function lotBars(lots, now) {
  if (lots.length === 0) return h("p", { class: "quiet" }, "There are none. Grant some below, or move to a plan that brings them.");
  const most = Math.max(...lots.map(({ columns }) => Number(columns.granted)), 1);
  return [
    h("ol", { class: "lots" }, lots.map((lot) => lotItem(lot, most, now))),
    h("ul", { class: "legend" }, COLUMNS.map((column) => h("li", null, h("span", { class: `swatch ${column}`, "aria-hidden": "true" }), column))),
  ];
}

/**
 * @param {Lot} lot
 * @param {number} most that any lot has
 * @param {number} now
 */
function lotItem({ lot, class: origin, columns, expires, effective }, most, now) {
  const parts = COLUMNS.map((column) => ({ column, amount: Number(columns[column]) })).filter(({ amount }) => amount > 0);
  const words = parts.map(({ column, amount }) => `${number(amount)} ${column}`).join(", ");
  const bar = h("span", { class: "bar", role: "img", "aria-label": words });
  for (const { column, amount } of parts) {
    const segment = h("span", { class: `segment ${column}` });
    segment.style.width = `${(amount / most) * 100}%`;
    bar.append(segment);
  }
  return h(
    "li",
    null,
    h("span", { class: "lot-name" }, h("span", { class: `swatch lot-${((lot - 1) % 6) + 1}`, "aria-hidden": "true" }), `#${lot} ${capital(spaced(origin))}`),
    bar,
    h("span", { class: "small quiet number" }, `${number(Number(columns.available))} of ${number(Number(columns.granted))} left; ${ends(expires, effective, now)}`),
  );
}

/**
 * @param {number | null} expires
 * @param {number} effective
 * @param {number} now
 */
function ends(expires, effective, now) {
  if (effective > now) return `begins ${date(effective)}`;
  if (expires === null) return "no end";
  if (expires <= now) return `ended ${date(expires)}`;
  const days = Math.ceil((expires - now) / DAY);
  return `ends ${date(expires)}, in ${days} day${days === 1 ? "" : "s"}`;
}
