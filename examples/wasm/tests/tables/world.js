// The world of one table: its names, its ids, what is known of the moment, and the package behind it.
import { setAt } from "./form.js";
import { TableError } from "./words.js";

const UNITS = [["d", 86_400_000], ["h", 3_600_000], ["m", 60_000], ["s", 1_000], ["ms", 1]];
export const MOST = 18_446_744_073_709_551_615n;

export class World {
  /** `api` is the package, `open` makes tenants over a store. */
  constructor(api, open, preset) {
    this.api = api;
    this.openTenants = open;
    this.form = JSON.parse(api.Catalog.preset(preset).toText());
    this.now = 1_795_000_000_000 - 16_000_000_000;
    this.organization = null;
    this.names = [];
    this.people = new Set();
    this.invitations = new Map();
    this.invited = 0;
    this.batch = [];
    this.resources = new Map();
    this.shares = [];
    this.opened = new Map();
    this.last = null;
    this.settings = {};
    this.ledgers = new Map();
    this.orders = new Map();
    this.keys = 0;
    this.asOf = 0;
    this.verdict = null;
  }

  set(path, value) {
    if (!setAt(this.form, path, value)) throw new TableError("there is no such place");
  }

  /** Opens what the table is about, once everything is set. */
  open() {
    if (this.tenants !== undefined) return;
    this.catalog = this.api.Catalog.parse(JSON.stringify(this.form));
    this.tenants = this.openTenants(this.api, this.catalog);
  }

  close() {
    this.tenants?.free();
    this.catalog?.free();
    for (const books of this.ledgers.values()) books.free();
  }

  /** The number of a name, the same each time. */
  number(kind, word) {
    const found = this.names.findIndex((name) => name.kind === kind && name.word === word);
    return found >= 0 ? found + 1 : this.names.push({ kind, word });
  }

  id(kind, word) {
    return this.api.uuid(BigInt(this.number(kind, word)));
  }

  /** The name behind an id; nothing for none. */
  word(kind, id) {
    const name = id && this.names[Number(BigInt(`0x${id.replaceAll("-", "")}`)) - 1];
    return name && name.kind === kind ? name.word : "";
  }

  /** The first workspace of every organization is called the same: which one is meant, the organization in use says. */
  workspace(word) {
    return this.id("WORKSPACE", word === "default" ? `default of ${this.organization}` : word);
  }

  actor(who) {
    const [kind, name] = who.split(/:(.*)/s);
    if (who === "platform") return "system";
    if (who === "directory") return "provisioner";
    if (kind === "link") return { link: this.id("LINK", name) };
    if (kind === "service") return { service: this.id("SERVICE", name) };
    if (kind === "staff") {
      const [staff, person] = name.split("@");
      return { staff: { staff: this.id("PERSON", staff), on_behalf_of: this.id("PERSON", person) } };
    }
    return { user: this.id("PERSON", who) };
  }

  facts(given = []) {
    const facts = { now: this.now };
    for (const word of given) {
      const [key, value] = word.split("=");
      if (word === "fresh") facts.authenticated_at = this.now;
      else if (word === "factor") facts.second_factor = true;
      else if (key === "via") facts.provider = value;
      else if (key === "feature") facts.features = [...(facts.features ?? []), value];
      else if (key === "member") facts.organizations = [...(facts.organizations ?? []), this.id("ORGANIZATION", value)];
      else throw new TableError(`\`${word}\` after \`given\``);
    }
    return facts;
  }

  context(step) {
    return { ...this.facts(step.given), actor: this.actor(step.who) };
  }

  /** So long. */
  span(text) {
    const [, count, unit] = /^([0-9]+)([a-z]+)$/.exec(text ?? "") ?? [];
    const ms = UNITS.find(([word]) => word === unit)?.[1];
    if (ms === undefined) throw new TableError(`\`${text}\` is no length of time`);
    return Number(count) * ms;
  }

  /** So long from now, or nothing where nothing is said. */
  end(text) {
    return text === undefined ? undefined : this.now + this.span(text);
  }

  /** A day, or so long from now. */
  moment(text) {
    return dayOf(text) ?? this.now + this.span(text);
  }

  /** How long it is until then. */
  left(at) {
    const span = Math.max(at - this.now, 0);
    if (span === 0) return "now";
    const [unit, ms] = UNITS.find(([, ms]) => span % ms === 0);
    return `${span / ms}${unit}`;
  }
}

/** A day with or without a time of day. */
export function dayOf(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((part) => (part === undefined ? undefined : Number(part)));
  return Date.UTC(year, month - 1, day, hour, minute, second) + Math.round(Number(`0.${match[7] ?? 0}`) * 1000);
}

/** A moment as a table writes it. */
export function shown(at) {
  if (at > 253_402_207_200_999) return "the end of time";
  const [day, time] = new Date(Number(at)).toISOString().split("T");
  const [, clock, seconds, fraction] = /^(\d\d:\d\d):(\d\d)\.(\d{3})Z$/.exec(time);
  if (clock === "00:00" && seconds === "00" && fraction === "000") return day;
  const behind = fraction === "000" ? "" : `.${fraction.replace(/0+$/, "")}`;
  return `${day}T${clock}${seconds === "00" && behind === "" ? "" : `:${seconds}${behind}`}`;
}

/** A number that a table writes; `most` is the greatest. */
export function amount(text) {
  const number = text === "most" ? MOST : BigInt(text);
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? number : Number(number);
}

/** What stands in a message: nothing for what is no text and no number. */
export const worded = (value) => (["string", "number", "bigint"].includes(typeof value) ? String(value) : "");

/** Phrases side by side, or `none`. */
export const orNone = (phrases, joint = " ") => (phrases.length === 0 ? "none" : phrases.join(joint));

/** The hash of a secret that is named so: its letters, then sevens or zeros. */
export function secretOf(name, fill = 7) {
  const bytes = new Uint8Array(32).fill(fill);
  new TextEncoder().encodeInto(name, bytes);
  return bytes;
}
