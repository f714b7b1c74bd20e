// Time in words. Everything on the page is UTC, so that a link shows the same to everybody.

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** The last instant that a date can be; what is later has no words. */
const LATEST = 8.64e15;

/** @param {number} at in ms since the epoch */
export function dateTime(at) {
  return isDate(at) ? `${DATE.format(at)}, ${TIME.format(at)}` : "far away";
}

/** @param {number} at in ms since the epoch */
export function date(at) {
  return isDate(at) ? DATE.format(at) : "far away";
}

/** @param {number} at in ms since the epoch */
export function shortDate(at) {
  return isDate(at) ? SHORT.format(at) : "far away";
}

/** @param {number} at */
function isDate(at) {
  return Number.isFinite(at) && Math.abs(at) <= LATEST;
}

/**
 * A span in its greatest whole unit.
 * @param {number} span_ms
 */
export function span(span_ms) {
  const [unit, name] = span_ms % DAY === 0 ? [DAY, "day"] : span_ms % HOUR === 0 ? [HOUR, "hour"] : [MINUTE, "minute"];
  const count = Math.round(span_ms / unit);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
