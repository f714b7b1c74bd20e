// Values: what the caller hands over, looked at before it crosses, and what comes back.
import { BailiwickError, wrong } from "./door.js";

/** No longer text crosses; those that are shorter are counted in bytes by the module. */
const TEXT_MAX = 4 << 20;
const DEPTH_MAX = 64;

/** What somebody called it, for messages. */
const shown = (value) => (value === null ? "null" : Array.isArray(value) ? "a list" : typeof value);

export function text(value, what) {
  if (typeof value !== "string") throw wrong("BAD_VALUE", `${what} is a text, not ${shown(value)}`);
  if (value.length > TEXT_MAX) throw wrong("BAD_LENGTH", `a text has at most ${TEXT_MAX} bytes`);
  if (!value.isWellFormed()) throw wrong("BAD_UTF8", `${what} has half a letter in it`);
  return value;
}

/** An id as text: a UUID as it is, of a number its 32 digits. */
export function id(value, what = "an id") {
  if (typeof value === "bigint") {
    if (value <= 0n || value >> 128n !== 0n) throw wrong("BAD_ID", `${what} is a number above zero that fits 128 bits`);
    return value.toString(16).padStart(32, "0");
  }
  if (typeof value !== "string") throw wrong("BAD_ID", `${what} is a UUID or a bigint, not ${shown(value)}`);
  return text(value, what);
}

export function uuid(value) {
  const digits = id(value).replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) throw wrong("BAD_ID", "an id is a UUID, or its 32 hexadecimal digits");
  if (/^0+$/.test(digits)) throw wrong("BAD_ID", "an id cannot be zero");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

/** Whole milliseconds. */
export function time(value, what = "a time") {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw wrong("BAD_VALUE", `${what} is whole milliseconds since 1970, not ${typeof value === "number" ? value : shown(value)}`);
  return value;
}

/** Whether it is a whole number of 32 bits. */
export const is32 = (value) => typeof value === "number" && value >>> 0 === value;

/** A whole number of 32 bits. */
export function small(value, what) {
  if (!is32(value)) throw wrong("BAD_VALUE", `${what} is a whole number of 32 bits`);
  return value;
}

/** A table: an object, and neither a list nor nothing. */
export function table(value, what) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("BAD_VALUE", `${what} is a table, not ${shown(value)}`);
  return value;
}

/** Where a bigint is a number too large for a double, and where it is an id. */
export const AS_NUMBER = (value) => String(value);
export const AS_ID = (value) => `"${id(value)}"`;

/**
 * Writes a value as JSON. Stricter than `JSON.stringify`: what has no JSON is a mistake and not left out, but for `undefined` in tables; bytes are
 * lists; a bigint is what `bigint` makes of it.
 */
export function write(value, bigint = AS_NUMBER, what = "this") {
  let json;
  try {
    json = written(value, bigint, what, DEPTH_MAX);
  } catch (why) {
    // A getter or a proxy of the caller's may throw whatever it likes.
    throw why instanceof BailiwickError ? why : wrong("BAD_VALUE", `${what} cannot be read`, { cause: why });
  }
  if (json.length > TEXT_MAX) throw wrong("BAD_LENGTH", `a text has at most ${TEXT_MAX} bytes`);
  return json;
}

function written(value, bigint, what, depth) {
  switch (typeof value) {
    case "string":
      return JSON.stringify(text(value, what));
    case "boolean":
      return String(value);
    case "bigint":
      return bigint(value);
    case "number":
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
        throw wrong("BAD_VALUE", `${what} has ${value} in it; a number beyond 2^53 is a bigint`);
      return String(value);
    case "object":
      if (value === null) return "null";
      if (depth === 0) throw wrong("BAD_VALUE", `${what} is nested deeper than ${DEPTH_MAX} levels`);
      if (Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)) {
        if (value.length > TEXT_MAX) throw wrong("BAD_LENGTH", `${what} has a list of ${value.length} items in it`);
        return `[${Array.from(value, (item) => written(item, bigint, what, depth - 1)).join(",")}]`;
      }
      return `{${Object.keys(value)
        .filter((key) => value[key] !== undefined)
        .map((key) => `${JSON.stringify(text(key, what))}:${written(value[key], bigint, what, depth - 1)}`)
        .join(",")}}`;
    default:
      throw wrong("BAD_VALUE", `${what} has ${shown(value)} in it`);
  }
}

/** Reads JSON of the module: a number that a double does not have is a bigint. */
export function read(json) {
  if (!/[0-9]{16}/.test(json)) return JSON.parse(json);
  // No text in it begins with the mark.
  let mark = "#";
  while (json.includes(`"${mark}`)) mark += "#";
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|[0-9]{16,}/g, (token) =>
    token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : `"${mark}${token}"`,
  );
  return JSON.parse(marked, (_, value) => (typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value));
}
