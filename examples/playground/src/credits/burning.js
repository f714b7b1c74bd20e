// Lots burning down: a bar for each time at which credits moved or time went by, with what is left of each lot.

import { h, s } from "../ui/element.js";
import { attemptWords } from "../words/attempt.js";
import { number } from "../words/list.js";
import { dateTime, shortDate } from "../words/time.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Lot} Lot
 * @typedef {{ at: number, words: string, lots: readonly Lot[] }} Stand
 */

/** How many bars are drawn at most: the last ones. */
const BARS_MAX = 40;
const HEIGHT = 180;
/** Where there is room, bars and what lies between them are this wide together, all of them; where there is not, each keeps its least. */
const ROOM = 1080;
const STEP_MIN = 28;
const STEP_MAX = 72;
const BELOW = 22;
const LEFT = 52;

/** @param {App} app */
export function burning(app) {
  const stands = standsOf(app);
  if (stands.length === 0) return h("p", { class: "quiet" }, "Nothing has moved yet.");
  const most = Math.max(...stands.map(({ lots }) => sum(lots)), 1);
  const step = Math.min(STEP_MAX, Math.max(STEP_MIN, ROOM / stands.length));
  const width = LEFT + stands.length * step;
  const last = /** @type {Stand} */ (stands.at(-1));
  return h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Lots over time" },
    s(
      "svg",
      { class: "burning", viewBox: `0 0 ${width} ${HEIGHT + BELOW}`, width, height: HEIGHT + BELOW, role: "img", "aria-label": `Credits left at ${stands.length} times, the most ${number(most)}; at the end ${number(sum(last.lots))}.` },
      s("defs", null, s("pattern", { id: "hatched", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { width: 2, height: 5, class: "hatch" }))),
      axis(most, width),
      stands.map((stand, at) => bar(stand, stands[at - 1], { x: LEFT + at * step, width: step * 0.66 }, most)),
    ),
  );
}

/**
 * How lots stood after each attempt that moved any.
 * @param {App} app
 * @returns {Stand[]}
 */
function standsOf({ session, names }) {
  const called = names();
  const { outcomes } = session.shown;
  const stands = session.story.attempts.slice(0, outcomes.length).flatMap((attempt, at) => {
    const outcome = outcomes[at];
    return outcome?.lots == null ? [] : [{ at: outcome.at, words: attemptWords(attempt, called), lots: outcome.lots }];
  });
  const moved = stands.filter(({ lots }, at) => at === 0 || JSON.stringify(sizes(lots)) !== JSON.stringify(sizes(stands[at - 1]?.lots ?? [])));
  return moved.filter(({ lots }) => lots.length > 0).slice(-BARS_MAX);
}

/** @param {readonly Lot[]} lots */
function sizes(lots) {
  return lots.map(({ lot, columns }) => [lot, Number(columns.available), Number(columns.held)]);
}

/** @param {readonly Lot[]} lots */
function sum(lots) {
  return lots.reduce((all, { columns }) => all + Number(columns.available) + Number(columns.held), 0);
}

/**
 * @param {number} most
 * @param {number} width
 */
function axis(most, width) {
  return [0, 0.5, 1].map((part) => {
    const y = HEIGHT - part * (HEIGHT - 16);
    return s("g", null, s("line", { class: "rule", x1: LEFT - 6, x2: width, y1: y, y2: y }), s("text", { class: "tick", x: LEFT - 10, y: y + 4, "text-anchor": "end" }, number(Math.round(most * part))));
  });
}

/**
 * @param {Stand} stand
 * @param {Stand | undefined} before
 * @param {{ x: number, width: number }} where
 * @param {number} most
 */
function bar({ at, words, lots }, before, { x, width }, most) {
  const scale = (HEIGHT - 16) / most;
  let top = HEIGHT;
  const pieces = lots
    .toSorted((one, other) => one.lot - other.lot)
    .flatMap(({ lot, columns }) =>
      [Number(columns.available), Number(columns.held)].map((amount, held) => {
        const height = amount * scale;
        top -= height;
        const box = { x, y: top, width, height };
        return height === 0 ? null : [s("rect", { ...box, class: `piece lot-${((lot - 1) % 6) + 1}` }), held === 1 && s("rect", { ...box, fill: "url(#hatched)" })];
      }),
    );
  const day = before === undefined || shortDate(before.at) !== shortDate(at) ? s("text", { class: "tick", x: x + width / 2, y: HEIGHT + 16, "text-anchor": "middle" }, shortDate(at)) : null;
  return s("g", null, s("title", null, `${dateTime(at)}: ${number(sum(lots))} left. ${words}`), pieces, day);
}
