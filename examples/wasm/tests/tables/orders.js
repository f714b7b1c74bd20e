// Orders: each verb of a ledger as the request that it stands for, under a key.
import { listOf, TableError } from "./words.js";
import { amount } from "./world.js";

export const isOrder = (verb) => verb in REQUESTS || verb === "again";

/** The ledger of the organization in use. */
export function booksOf(world) {
  const whose = world.organization;
  if (!world.ledgers.has(whose)) {
    const id = whose === null ? 0xffff_ffff_ffff_ffffn : world.id("ORGANIZATION", whose);
    world.ledgers.set(whose, new world.api.Books(id, world.settings));
  }
  return world.ledgers.get(whose);
}

export function order(world, step) {
  if (world.organization === null) throw new TableError("no ledger yet");
  const order = step.verb === "again" ? world.orders.get(step.plain[0] ?? "") : newOrder(world, step);
  if (order === undefined) throw new TableError("an order that cannot be read");
  world.orders.set("", order);
  world.verdict = booksOf(world).order(order, world.actor(step.who), world.now);
  // A refusal is an answer of a ledger; of a step it is what refuses it.
  if (world.verdict.why) throw new world.api.BailiwickError(world.verdict.why);
}

/** A new order; under a key that was used, with the time at which that was made. */
function newOrder(world, step) {
  const request = REQUESTS[step.verb](world, step);
  const key = step.option("key");
  const before = key === undefined ? undefined : world.orders.get(key);
  const issued = step.option("issued") ? world.moment(step.option("issued")) : (before?.issued ?? world.now);
  const made = { key: before?.key ?? world.api.uuid(BigInt((world.keys += 1))), issued, request: { [NAMES[step.verb] ?? step.verb.replaceAll("-", "_")]: request } };
  if (key !== undefined && before === undefined) world.orders.set(key, made);
  return made;
}

const NAMES = { allowance: "set_allowance", delete: "remove" };
const IDS = { user: "PERSON", project: "RESOURCE", service: "SERVICE", organization: "ORGANIZATION" };

/** What `user:ada,class:llm` stands for. */
export function scopeOf(world, text) {
  const scope = {};
  for (const part of text.split(",")) {
    if (part === "everything" || part === "everywhere") continue;
    const [key, name] = part.split(/:(.*)/s);
    if (name === undefined) throw new TableError(`\`${part}\` is no part of a scope`);
    scope[key] = key === "workspace" ? world.workspace(name) : IDS[key] ? world.id(IDS[key], name) : name;
  }
  return scope;
}

/** What `storage:100,grace:7d,80%` stands for. */
export function meterOf(text) {
  const [[meter, max], ...parts] = text.split(",").map((part) => part.split(/:(.*)/s));
  const words = parts.map((part) => part.filter(Boolean).join(":"));
  const enforcement = words.find((word) => !word.endsWith("%") && word !== "per-workspace") ?? "hard";
  return {
    meter,
    max: amount(max),
    per: words.includes("per-workspace") ? "workspace" : "organization",
    enforcement,
    alerts_percent: words.filter((word) => word.endsWith("%")).map((word) => Number(word.slice(0, -1))),
  };
}

function allowanceOf(world, step, next) {
  const of = (key) => (next ? step.option(`next-${key}`) : undefined) ?? step.option(key);
  const meters = (next && step.options("next-meter").length > 0 ? step.options("next-meter") : step.options("meter")).map(meterOf);
  return {
    renewal: ((next && step.option("next-renewal")) || step.plain[0]).replace(/^as-/, ""),
    anchor: step.option("from") ? world.moment(step.option("from")) : world.now,
    allocation: amount(of("allocation") ?? "0"),
    rollover: step.option("rollover") ?? "none",
    rollover_periods: step.option("keep") ? Number(step.option("keep")) : null,
    midway: step.option("midway") ?? "full",
    alerts_percent: step.list("alerts").map((word) => Number(word.replace("%", ""))),
    meters,
  };
}

const spot = (world, step) => ({
  workspace: step.option("in") && world.workspace(step.option("in")),
  project: step.option("project") && world.id("RESOURCE", step.option("project")),
  kind: step.option("kind"),
});

function spender(world, step) {
  const actor = world.actor(step.who);
  const pays = step.option("pays");
  return {
    scope: {
      organization: step.option("of") && world.id("ORGANIZATION", step.option("of")),
      workspace: step.option("in") && world.workspace(step.option("in")),
      project: step.option("project") && world.id("RESOURCE", step.option("project")),
      user: actor.user ?? actor.staff?.on_behalf_of,
      service: actor.service,
      class: step.option("class"),
    },
    pays: pays === undefined ? "pool" : pays === "own-key" ? "own_key" : "nobody",
  };
}

/** A moment, or nothing where nothing is said or `never` is. */
const moment = (world, text) => (text === undefined || text === "never" ? null : world.moment(text));
const until = (world, step) => moment(world, step.option("until") ?? "1h");
const over = (step) => ({ ever: "ever", "in-flight": "in_flight" })[step.option("over")] ?? "period";
const lot = (text) => Number(text.replace("#", ""));
const hold = (world, step) => world.id("HOLD", step.plain[0]);
const above = (step) => {
  const said = step.option("above") ?? "refuse";
  return said.startsWith("overdraft:") ? { overdraft: amount(said.slice(10)) } : said;
};
const some = (text) => (text === undefined ? undefined : amount(text));
const ofHold = (world, step) => ({ hold: hold(world, step), amount: amount(step.plain[1]) });
const metered = (world, step) => ({ meter: step.plain[0], spot: spot(world, step) });

const REQUESTS = {
  allowance: (world, step) => {
    const asOf = Number(step.option("as-of") ?? world.asOf + 1);
    world.asOf = Math.max(world.asOf, asOf);
    const from = step.option("next-at");
    const next = from && from !== "never" ? [allowanceOf(world, step, true), world.moment(from)] : undefined;
    return { as_of: asOf, allowance: allowanceOf(world, step, false), next };
  },
  "begin-period": (world, { plain: [start, end] }) => ({ start: world.moment(start), end: world.moment(end) }),
  tick: () => ({}),
  "set-pool": (world, { plain: [pool] }) => ({ pool: pool === undefined ? null : world.id("ORGANIZATION", pool) }),
  grant: (world, step) => ({
    class: step.plain[0],
    amount: amount(step.plain[1]),
    scope: scopeOf(world, step.option("for") ?? "everything"),
    priority: Number(step.option("priority") ?? 0),
    effective: moment(world, step.option("from")),
    expires: moment(world, step.option("until")),
  }),
  void: (_, { plain: [of, much] }) => ({ lot: lot(of), amount: some(much) }),
  extend: (world, step) => ({ lot: lot(step.plain[0]), expires: moment(world, step.option("until")) }),
  transfer: (world, { plain: [to, much] }) => ({ to: world.id("ORGANIZATION", to), amount: amount(much) }),
  charge: (world, step) => ({ hold: hold(world, step), spender: spender(world, step), amount: amount(step.plain[1]) }),
  hold: (world, step) => ({
    ...ofHold(world, step),
    spender: spender(world, step),
    until: until(world, step),
    above: above(step),
    timeout: step.option("timeout") ?? "release",
  }),
  grow: (world, step) => ({ ...ofHold(world, step), until: moment(world, step.option("until")) }),
  capture: ofHold,
  settle: ofHold,
  commit: ofHold,
  release: (world, step) => ({ hold: hold(world, step) }),
  refund: (world, step) => ({ spend: hold(world, step), amount: some(step.plain[1]) }),
  lease: (world, step) => ({
    ...ofHold(world, step),
    scope: scopeOf(world, step.option("for") ?? "everything"),
    until: until(world, step),
    timeout: step.option("timeout") ?? "release",
  }),
  report: (world, step) => ({
    hold: hold(world, step),
    spends: step.plain.slice(1).map((spend) => {
      const [much, scope] = spend.split("@");
      return [scopeOf(world, scope), amount(much)];
    }),
  }),
  "set-limit": (world, step) => ({ scope: scopeOf(world, step.plain[0]), over: over(step), max: amount(step.plain[1]) }),
  "raise-limit": (world, step) => ({
    scope: scopeOf(world, step.plain[0]),
    over: over(step),
    by: amount(step.plain[1]),
    periods: Number(step.option("periods") ?? 1),
  }),
  "drop-limit": (world, step) => ({ scope: scopeOf(world, step.plain[0]), over: over(step) }),
  "set-alerts": (_, step) => ({ credits_left: step.plain.map(amount) }),
  add: (world, step) => ({ ...metered(world, step), amount: amount(step.plain[1]) }),
  delete: (world, step) => ({ ...metered(world, step), amount: amount(step.plain[1]) }),
  clear: metered,
  reserve: (world, step) => ({
    hold: hold(world, step),
    meter: step.plain[1],
    spot: spot(world, step),
    amount: amount(step.plain[2]),
    until: until(world, step),
  }),
};

/** The settings of a ledger by itself, as its line says them. */
export function settingsOf(words) {
  const settings = {};
  for (const [key, value] of words.map((word) => word.split(/=(.*)/s))) {
    if (key === "burn") settings.burn = listOf(value);
    else if (key === "transfers") settings.transfers = value === "on";
    else if (key === "window") settings.window = value;
    else settings[key === "keys" ? "keys_max" : "refundable_max"] = Number(value);
  }
  return settings;
}
