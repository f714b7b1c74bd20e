// Runs the tables of tests/cases through the package, and counts per file.
//
// A table is read here, word by word, and every step, question and figure in it goes through the public interface. The same in Node and in a browser.
import { ask } from "./ask.js";
import { valueAt } from "./form.js";
import { booksOf, settingsOf } from "./orders.js";
import { state } from "./states.js";
import { act } from "./steps.js";
import { isRow, split, stepOf, TableError } from "./words.js";
import { World } from "./world.js";

const COLUMNS = ["steps", "refusals", "questions", "states", "others", "left"];
const HEAD = ["steps", "refusals", "questions", "states", "others", "not asked"];
const WIDTHS = [6, 8, 9, 6, 6, 9];

/** Runs files, `[[name, text], …]`, over one kind of store; says everything through `print`, and how many lines came out otherwise. */
export function runAll(api, open, title, files, print) {
  const all = counts();
  const line = (name, of) => print(`${name.padEnd(26)} ${of.map((count, at) => String(count).padStart(WIDTHS[at])).join(" ")}`);
  line("file", HEAD);
  for (const [name, text] of files) {
    const found = runFile(api, open, name, text, print);
    line(name, COLUMNS.map((column) => found[column]));
    for (const column of Object.keys(all)) all[column] += found[column];
  }
  line("all, over the store in", COLUMNS.map((column) => all[column]));
  const lines = all.steps + all.refusals + all.questions + all.states + all.others;
  print(`${title}: ${lines} lines, ${all.wrong} came out otherwise`);
  return { lines, wrong: all.wrong, left: all.left };
}

const counts = () => ({ steps: 0, refusals: 0, questions: 0, states: 0, others: 0, left: 0, wrong: 0 });

function runFile(api, open, name, text, print) {
  const found = counts();
  let world = null;
  text.split("\n").forEach((line, at) => {
    const words = split(line);
    if (words.length === 0) return;
    const [first, second, ...rest] = words;
    if (first === "catalog" || first === "ledger") {
      world?.close();
      world = new World(api, open, first === "ledger" ? "cloud" : second);
      if (first === "ledger") [world.organization, world.settings] = [second, settingsOf(rest)];
      return;
    }
    let wrong;
    try {
      wrong = runLine(world, words, found);
    } catch (why) {
      wrong = why instanceof TableError || why instanceof api.BailiwickError ? why.message : String(why?.stack ?? why);
    }
    if (wrong !== undefined) {
      found.wrong += 1;
      print(`${name}:${at + 1}: ${wrong}\n    ${line.trim()}`);
    }
  });
  world?.close();
  return found;
}

/** Carries out one line; says how it came out otherwise, or nothing. */
function runLine(world, words, found) {
  const [first, ...after] = words;
  if (first === "people") after.forEach((who) => world.number("PERSON", who));
  if (["people", "names", "needs"].includes(first)) return undefined;
  if (first === "set") return world.set(...after);
  world.open();
  if (isRow(first)) {
    found.questions += 1;
    return ask(world, after);
  }
  const rest = after.length > 0 && isRow(after[0]) ? after.slice(1) : after;
  switch (first) {
    case "state":
      return stateLine(world, rest, found);
    case "holds":
      found.others += 1;
      return holds(world, rest);
    case "value": {
      found.others += 1;
      const value = valueAt(world.form, rest[0]);
      return value === rest[1] ? undefined : `expected ${rest[1]}, found ${value}`;
    }
    case "do":
      return carryOut(world, stepOf(rest), undefined, found);
    case "refuse":
      return carryOut(world, stepOf(rest.slice(1)), rest[0], found);
    default:
      return carryOut(world, stepOf(["platform", first, ...rest]), undefined, found);
  }
}

function carryOut(world, step, refusal, found) {
  found[refusal === undefined ? "steps" : "refusals"] += 1;
  let refused;
  try {
    act(world, step);
  } catch (why) {
    if (!(why instanceof world.api.BailiwickError)) throw why;
    refused = why;
  }
  if (refusal === undefined) return refused ? `refused with ${refused.code}: ${refused.text}` : broken(world);
  if (refused === undefined) return `expected ${refusal}, and it was done`;
  return refused.code === refusal ? undefined : `expected ${refusal}, found ${refused.code}: ${refused.text}`;
}

/** What is wrong with the organization and the ledgers, which is nothing. */
function broken(world) {
  if (world.organization === null) return undefined;
  const seen = world.tenants.view(world.id("ORGANIZATION", world.organization), world.now);
  const audits = [...world.ledgers.keys()].length > 0 ? booksOf(world).ask("audit", world.now) : [];
  return [...(seen?.broken ?? []), ...audits][0];
}

function stateLine(world, words, found) {
  const link = words.findIndex((word) => ["is", "are", "has", "have"].includes(word));
  if (link < 1 || link + 1 >= words.length) throw new TableError("the line should read `state SUBJECT is WORDS`");
  const expected = words.slice(link + 1).join(" ");
  const answer = state(world, words.slice(0, link));
  if (answer === undefined) {
    found.left += 1;
    return undefined;
  }
  found.states += 1;
  const isSo = words[link].startsWith("h") ? ` ${answer} `.includes(` ${expected} `) : answer === expected;
  return isSo ? undefined : `expected ${expected}, found ${answer}`;
}

function holds(world, [permission, ...roles]) {
  world.catalog.permission(permission);
  const holding = world.form.roles.map(({ key }) => key).filter((key) => world.catalog.role(key).includes(permission));
  return holding.toSorted().join(" ") === roles.toSorted().join(" ") ? undefined : `held by ${holding.join(" ")}`;
}
