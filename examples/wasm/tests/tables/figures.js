// How a ledger stands: what a `state` line asks of it, answered in its words.
import { booksOf, meterOf, scopeOf } from "./orders.js";
import { orNone, shown, worded } from "./world.js";

/** The answer, or nothing for what is no figure of a ledger. */
export function figure(world, subject) {
  const asked = (question) => booksOf(world).ask(question, world.now);
  const [first, second, third, fourth, fifth] = subject;
  const all = subject.join(" ");
  switch (`${first} ${second ?? ""}`.trim()) {
    case "spendable of": {
      const found = asked({ spendable: scopeOf(world, third) });
      return `${found.amount} ${found.because.code}`;
    }
    case "used by":
      return worded(asked({ used: scopeOf(world, third) }).charged);
    case "uncharged by":
      return worded(asked({ used: scopeOf(world, third) }).uncharged);
    case "limit of": {
      const found = asked({ limit: { scope: scopeOf(world, third), over: { ever: "ever", "in-flight": "in_flight" }[fourth] ?? "period" } });
      return found === null ? "none" : `${BigInt(found.spent) + BigInt(found.held)} of ${found.max}`;
    }
    case "refundable of":
      return worded(asked({ refundable: world.id("HOLD", third) })) || "unknown";
    case "use of":
    case "reserved of":
    case "grace of": {
      const found = asked({ meter: { meter: third, workspace: fourth === "in" ? world.workspace(fifth) : undefined } });
      if (first === "reserved") return worded(found.reserved);
      if (first === "grace") return found.grace_ends === null ? "none" : shown(found.grace_ends);
      return found.max === null ? worded(found.used) : `${found.used} of ${found.max}`;
    }
    case "excess under": {
      const nothing = { renewal: "given", anchor: world.now, allocation: 0, rollover: "none", rollover_periods: null, midway: "full", alerts_percent: [] };
      return overLimits(world, asked({ excess: { ...nothing, meters: [meterOf(third)] } }));
    }
    case "due of": {
      const retention = world.organization === null ? [] : (world.tenants.view(world.id("ORGANIZATION", world.organization), world.now)?.retention ?? []);
      const found = asked({ due: { meter: third, retention } });
      return orNone(found.map(({ units, spot }) => `${units} ${spot.kind ?? "-"}`), ", ");
    }
    default:
  }
  if (first === "hold" && subject.length === 2) {
    const found = asked({ hold: world.id("HOLD", second) });
    return found === null ? "over" : `${found.left} until ${shown(found.until)}`;
  }
  if (first === "stored") return worded(asked({ stored: { meter: second, spot: scopeOf(world, third) } }));
  if (first === "lot") return oneLot(asked("lots"), Number(second.replace("#", "")));
  return ofCredits(world, all, asked) ?? (world.verdict === null ? undefined : ofTheLast(world, all));
}

const SUMS = {
  balance: "spendable",
  granted: "granted",
  held: "held",
  spent: "spent",
  expired: "expired",
  voided: "voided",
  pending: "pending",
  bank: "bank",
  "allocation left": "allocation",
  entitled: "entitled",
  owed: "owed",
};

/** The pool as a whole. */
function ofCredits(world, subject, asked) {
  if (SUMS[subject]) return worded(asked("balance")[SUMS[subject]]);
  switch (subject) {
    case "lots": {
      const there = asked("lots").filter(({ columns, effective }) => columns.available !== 0 && effective <= world.now);
      return orNone(there.map(({ lot, class: of, columns }) => `#${lot} ${of} ${columns.available}`), ", ");
    }
    case "expiries":
      return orNone(asked("expiries").map(({ at, amount }) => `${amount} at ${shown(at)}`), ", ");
    case "open holds":
      return worded(asked("open_holds"));
    case "entries":
      return worded(asked("state").version);
    case "pool":
      return world.word("ORGANIZATION", asked("state").pool) || "none";
    case "period": {
      const { period } = asked("balance");
      return period === null ? "none" : `${shown(period.start)} to ${period.end === null ? "open" : shown(period.end)}`;
    }
    default:
      return undefined;
  }
}

function oneLot(lots, number) {
  const found = lots.find(({ lot }) => lot === number);
  if (found === undefined) return "gone";
  const places = ["available", "held", "spent", "expired", "voided"].filter((place) => found.columns[place] !== 0);
  return orNone(places.map((place) => `${found.columns[place]} ${place}`), ", ");
}

const draws = (list = []) => orNone(list.map(({ lot, amount }) => `#${lot} ${amount}`), ", ");
const DRAWS = { "paid by": "draws", "returned to": "returned", "lost from": "lost", "paid beyond": "beyond", "repaid by": "repaid" };
const AMOUNTS = { owes: "owed", forgone: "forgone", counted: "units" };

/** What the answer to the last order says. */
function ofTheLast(world, subject) {
  const { verdict, receipt = {}, why } = world.verdict;
  if (DRAWS[subject]) return draws(receipt[DRAWS[subject]]);
  if (AMOUNTS[subject]) return worded(receipt[AMOUNTS[subject]] ?? 0);
  switch (subject) {
    case "verdict":
      return verdict === "refused" ? "not kept" : verdict;
    case "refusal":
      return why ? numbers(world, why) : "none";
    case "alerts":
      return orNone(alerts(world), ", ");
    case "over":
      return overLimits(world, receipt.over ?? []);
    case "allocated":
      return receipt.allocated?.amount ? `#${receipt.allocated.lot} ${receipt.allocated.amount}` : "none";
    case "adjusted":
      return receipt.adjusted ? `#${receipt.adjusted.lot} ${receipt.adjusted.amount}` : "none";
    default:
      return undefined;
  }
}

const metered = (world, { meter, workspace }) => (workspace ? `${meter} in ${world.word("WORKSPACE", workspace)}` : meter);
const overWord = (over) => ({ ever: " ever", in_flight: " in-flight" })[over] ?? "";

function overLimits(world, list) {
  const told = (over) => `${metered(world, over)} ${over.used} of ${over.max}${over.until === null ? "" : ` until ${shown(over.until)}`}`;
  return orNone(list.map(told), ", ");
}

const KINDS = { organization: "ORGANIZATION", workspace: "WORKSPACE", project: "RESOURCE", user: "PERSON", service: "SERVICE" };

/** A scope as a table writes it. */
function scopeNamed(world, scope = {}) {
  const ids = Object.keys(KINDS).filter((key) => scope[key]).map((key) => `${key}:${world.word(KINDS[key], scope[key])}`);
  return [...ids, ...(scope.class ? [`class:${scope.class}`] : [])].join(",") || "everything";
}

/** The alerts of the last order, those of the time before it first. */
function alerts(world) {
  const { verdict, entry, receipt } = world.verdict;
  const before = verdict === "new" ? (entry?.elapsed ?? []).flatMap(({ what }) => what.alerted?.alerts ?? []) : [];
  return [...before, ...(receipt?.alerts ?? [])].map(({ watched, threshold }) => {
    const { limit, meter } = watched;
    const what = limit ? scopeNamed(world, limit.scope) + overWord(limit.over) : meter ? metered(world, meter) : "credits";
    return `${what} ${threshold.percent === undefined ? `${threshold.left}-left` : `${threshold.percent}%`}`;
  });
}

/** The numbers of a refusal, so that somebody can be told. */
function numbers(world, { code, facts }) {
  const { needed, used, max, left, held, owed, available, since, now, clock, have, start, scope, over } = facts;
  switch (code) {
    case "not_enough":
      return `${needed} needed, ${left} left`;
    case "limit":
      return `${scopeNamed(world, scope)}${overWord(over)}: ${needed} needed, ${used} of ${max} used`;
    case "narrower_limit":
      return scopeNamed(world, scope);
    case "above_hold":
      return `${needed} needed, ${held} held`;
    case "overdraft":
      return `${owed} owed of ${max}`;
    case "refund_above":
      return `${left} left`;
    case "lot_short":
      return `${available} available`;
    case "meter_full":
      return `${metered(world, facts)}: ${needed} needed, ${used} of ${max} used`;
    case "grace_over":
      return `${metered(world, facts)}: ${used} of ${max} used, since ${shown(since)}`;
    case "meter_short":
      return `${used} used`;
    case "too_old":
      return `since ${shown(since)}`;
    case "issued_later":
      return `now ${shown(now)}`;
    case "clock_jump":
      return `clock ${shown(clock)}`;
    case "stale_allowance":
      return `have ${have}`;
    case "stale_period":
      return `start ${shown(start)}`;
    default:
      return code;
  }
}
