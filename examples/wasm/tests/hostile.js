// Hostile calls: each gets a BailiwickError with the right code, and the module goes on afterwards.
import * as api from "bailiwick";
import { MapStore } from "./tables/store.js";

const { Access, ActorKind, BailiwickError, Books, Catalog, codes, Tenants, uuid } = api;
const NOW = 1_795_000_000_000;
const [ONE, TWO] = [uuid(1n), uuid(2n)];
let [tried, failed] = [0, 0];

function fails(name, found) {
  failed += 1;
  console.log(`${name}: ${found}`);
}

/** It throws a BailiwickError with one of these codes. */
function throws(name, expected, call) {
  tried += 1;
  try {
    const found = call();
    fails(name, `expected ${expected}, and got ${String(JSON.stringify(found))}`);
    return undefined;
  } catch (why) {
    if (!(why instanceof BailiwickError)) fails(name, `threw ${why?.stack ?? why}`);
    else if (![expected].flat().includes(why.code)) fails(name, `expected ${expected}, found ${why.code}: ${why.text}`);
    else if (why.message !== why.text || why.name !== "BailiwickError" || JSON.parse(JSON.stringify(why)).number !== why.number)
      fails(name, "the error contradicts itself");
    return why;
  }
}

/** It is so. */
function holds(name, so) {
  tried += 1;
  if (!so) fails(name, "it is not so");
}

const catalog = Catalog.preset("cloud");
const by = { actor: { user: ONE }, now: NOW };
const signUp = { sign_up: { name: "Ada", workspace: ONE } };
const fresh = () => Tenants.inMemory(catalog);
const tenants = fresh();
tenants.command(ONE, signUp, by);
const question = { organization: ONE, actor: { user: ONE }, permission: "operation.run", target: { workspace: ONE }, now: NOW };
const isWell = () => tenants.check(question).allowed && catalog.permissions.length > 0;

// -- What this side says by itself is what the module says.
const known = new Map(codes().map(({ number, code }) => [number, code]));
for (const [call, number] of [
  [() => new Catalog(), 906],
  [() => uuid("x"), 905],
  [() => Tenants.inMemory({}), 904],
  [() => Tenants.over(catalog, {}), 900],
]) {
  tried += 1;
  try {
    call();
    fails("own codes", number);
  } catch (why) {
    if (why.number !== number || known.get(number) !== why.code) fails("own codes", `${why.number} ${why.code}`);
  }
}

// -- Wrong types, everywhere.
const JUNK = [undefined, null, true, NaN, -1, 1.5, 2 ** 53, Infinity, "", "x", "\ud800", "0".repeat(40), {}, [], [[]], () => 1, Symbol("x"), -1n, 0n, 1n << 128n, new Date(NaN), new Map()];
const WRONG = ["bad_value", "bad_id", "bad_json", "bad_utf8", "bad_length", "unknown_name", "wrong_kind", "null", "bad_catalog"];
const places = {
  "Catalog.parse": (junk) => Catalog.parse(junk),
  "Catalog.preset": (junk) => Catalog.preset(junk),
  "catalog.permission": (junk) => catalog.permission(junk),
  "catalog.role": (junk) => catalog.role(junk),
  "Tenants.inMemory": (junk) => Tenants.inMemory(junk),
  "Tenants.over": (junk) => Tenants.over(catalog, junk),
  ref: (junk) => tenants.ref(junk),
  staffRef: (junk) => tenants.staffRef(ONE, junk),
  "check, organization": (junk) => tenants.check({ ...question, organization: junk }),
  "check, actor": (junk) => tenants.check({ ...question, actor: junk }),
  "check, user": (junk) => tenants.check({ ...question, actor: { user: junk } }),
  "check, permission": (junk) => tenants.check({ ...question, permission: junk }),
  "check, workspace": (junk) => junk !== undefined && tenants.check({ ...question, target: { workspace: junk } }),
  "check, now": (junk) => tenants.check({ ...question, now: junk }),
  check: (junk) => tenants.check(junk),
  explain: (junk) => tenants.explain(junk),
  nearest: (junk) => tenants.nearest(junk),
  access: (junk) => tenants.access(junk),
  "checkEach, questions": (junk) => tenants.checkEach(junk, { now: NOW }),
  "checkEach, facts": (junk) => tenants.checkEach(new Uint32Array(5), junk),
  "command, organization": (junk) => tenants.command(junk, signUp, by),
  command: (junk) => tenants.command(ONE, junk, by),
  "command, field": (junk) => tenants.command(ONE, { suspend: { user: junk } }, by),
  "command, by": (junk) => tenants.command(ONE, signUp, junk),
  preview: (junk) => tenants.preview(ONE, junk, by),
  allowedActions: (junk) => tenants.allowedActions(ONE, junk, by),
  eraseUser: (junk) => tenants.eraseUser(junk, { now: NOW }),
  view: (junk) => tenants.view(junk, NOW),
  "view, now": (junk) => tenants.view(ONE, junk),
  organizationsOf: (junk) => tenants.organizationsOf(junk),
  "organizationsOf, paging": (junk) => junk !== undefined && !(junk instanceof Object && Object.keys(junk).length === 0 && !Array.isArray(junk)) && tenants.organizationsOf(ONE, junk),
  peopleWith: (junk) => tenants.peopleWith(ONE, "operation.run", junk, { now: NOW }),
  compare: (junk) => tenants.compare(junk, [ONE], { now: NOW }),
  "compare, organizations": (junk) => !(Array.isArray(junk) && junk.length === 0) && tenants.compare(catalog, junk, { now: NOW }),
  share: (junk) => tenants.share(ONE, junk, { clear_shares: {} }, by),
  followLink: (junk) => tenants.followLink(junk, { now: NOW }),
  order: (junk) => tenants.order(ONE, junk, "system", NOW),
  charge: (junk) => tenants.charge(ONE, { key: ONE, at: NOW }, {}, { hold: junk, amount: 1 }, by),
  ask: (junk) => tenants.ask(ONE, junk, NOW),
  Books: (junk) => new Books(junk),
  uuid: (junk) => uuid(junk),
};
for (const [name, call] of Object.entries(places)) {
  for (const junk of JUNK) {
    tried += 1;
    try {
      call(junk);
      // Some of it is right somewhere: an empty table is no facts, a UUID without hyphens an id.
    } catch (why) {
      const shown = typeof junk === "symbol" ? "a symbol" : typeof junk === "bigint" ? `${junk}n` : JSON.stringify(junk);
      if (!(why instanceof BailiwickError)) fails(`${name} of ${shown}`, why?.stack ?? why);
      else if (!WRONG.includes(why.code) && why.number >= 400) fails(`${name} of ${shown}`, `${why.code}: ${why.text}`);
    }
  }
}
for (const junk of JUNK) {
  tried += 1;
  const found = [0, 1, 2, 3, 4, 5].map((at) => tenants.checkRef(...[1, 1, 1, 1, 1, NOW].with(at, junk)));
  if (found.some((number) => !(number >= 900 || (number > 0 && number < 200)))) fails(`checkRef of ${String(junk)}`, found.join(" "));
}
holds("it goes on after wrong types", isWell());

// -- Ids.
throws("an id of zeros", "bad_id", () => tenants.view("0".repeat(32), NOW));
throws("an id of words", "bad_id", () => tenants.view("acme", NOW));
throws("an id beyond 128 bits", "bad_id", () => tenants.view(1n << 128n, NOW));
throws("an id below zero", "bad_id", () => tenants.view(-1n, NOW));
holds("an id as a number is the same", tenants.view(1n, NOW).snapshot.organization === ONE);
holds("an id in capitals is the same", tenants.ref("0000000000000000000000000000000A") === tenants.ref(uuid(10n)));
holds("an unknown organization is a stranger's", tenants.check({ ...question, organization: TWO }).code === "not_found");

// -- Times.
for (const now of [NaN, Infinity, -1, 0.5, 2 ** 53, "now", undefined, null, new Date(0)]) {
  throws(`a check at ${now}`, ["bad_value", "bad_json"], () => tenants.check({ ...question, now }));
  holds(`a check by numbers at ${now}`, tenants.checkRef(1, 1, 1, 1, 1, now) === 906);
}

// -- Numbers in the place of ids.
const [organization, user, workspace] = [tenants.ref(ONE), tenants.ref(ONE), tenants.ref(ONE)];
const run = catalog.permission("operation.run");
holds("a reference is the same each time", organization === user && user === workspace);
holds("a check by numbers", tenants.checkRef(organization, ActorKind.USER, user, run, workspace, NOW) === 0);
for (const [name, expected, numbers] of [
  ["of no organization", 903, [0, 1, user, run, workspace]],
  ["of a reference that was not given out", 903, [999_999, 1, user, run, workspace]],
  ["of a reference beyond 32 bits", 906, [2 ** 32 + organization, 1, user, run, workspace]],
  ["of no kind", 906, [organization, 0, user, run, workspace]],
  ["of a kind that there is not", 906, [organization, 7, user, run, workspace]],
  ["of no actor", 903, [organization, 1, 0, run, workspace]],
  ["of staff that is none", 904, [organization, 2, user, run, workspace]],
  ["of no permission", 909, [organization, 1, user, 255, workspace]],
  ["of a permission beyond all", 909, [organization, 1, user, 70_000, workspace]],
  ["of no workspace that there is", 903, [organization, 1, user, run, 999_999]],
]) {
  holds(`a check ${name}`, tenants.checkRef(...numbers, NOW) === expected);
  if (numbers[0] < 2 ** 32) holds(`a list of a check ${name}`, tenants.checkEach(Uint32Array.from(numbers), { now: NOW })[0] === expected);
}
throws("a list of a question and a half", "bad_length", () => tenants.checkEach(new Uint32Array(7), { now: NOW }));
throws("answers for other questions", "bad_length", () => tenants.checkEach(new Uint32Array(10), { now: NOW }, new Uint16Array(3)));
throws("answers that are none", "bad_value", () => tenants.checkEach(new Uint32Array(5), { now: NOW }, new Uint8Array(1)));
holds("an empty list", tenants.checkEach(new Uint32Array(0), { now: NOW }).length === 0);

// -- Texts and JSON.
throws("a catalog of nothing", "bad_catalog", () => Catalog.parse(""));
throws("half a catalog", "bad_catalog", () => Catalog.parse('{ "name": '));
throws("a catalog that is too long", "bad_length", () => Catalog.parse(" ".repeat((4 << 20) + 1)));
throws("a catalog of half a letter", "bad_utf8", () => Catalog.parse("name = '\ud800'"));
throws("a catalog that is too deep", "bad_catalog", () => Catalog.parse(`{"name":${"[".repeat(10_000)}${"]".repeat(10_000)}}`));
throws("TOML that is too deep", "bad_catalog", () => Catalog.parse(`name = ${"[".repeat(10_000)}${"]".repeat(10_000)}`));
throws("a preset that there is not", "unknown_name", () => Catalog.preset("clouds"));
holds("what was meant", throws("a permission that there is not", "unknown_name", () => catalog.permission("operation.rum"))?.facts.meant === "operation.run");
const mistakes = throws("a catalog with mistakes", "bad_catalog", () => Catalog.parse('name = "𝄞"\n[[roles]]\nkey = "owner"\nextends = "nobody"\n'))?.facts.mistakes ?? [];
holds("mistakes have places", mistakes.some(({ path, place }) => path === "roles[0].extends" && place.line === 4 && place.column === 11 && place.length === 8));
const spanOf = (text, code) => {
  try {
    Catalog.parse(text);
  } catch (why) {
    const { offset, length } = why.facts.mistakes.find((mistake) => mistake.code === code).place;
    return text.slice(offset, offset + length);
  }
  return undefined;
};
holds("places are counted as JavaScript counts", spanOf('name = "𝄞"\n[[permissions]]\nkey = "a.b"\nscope = "nowhere"\n', "bad_value") === '"nowhere"');
throws("a command that there is not", "bad_json", () => tenants.command(ONE, { explode: {} }, by));
throws("a command with a field too many", "bad_json", () => tenants.command(ONE, { rename: { name: "x", more: 1 } }, by));
throws("two commands in one", "bad_json", () => tenants.command(ONE, { ...signUp, leave: {} }, by));
throws("facts with a field too many", "bad_json", () => tenants.check({ ...question, second_facter: true }));
const cycle = {};
cycle.inner = cycle;
throws("a command that has itself in it", "bad_value", () => tenants.command(ONE, cycle, by));
throws("a getter that throws", "bad_value", () => tenants.command(ONE, { get rename() { throw new TypeError("no"); } }, by)); // prettier-ignore
throws("an amount that is no double", "bad_value", () => tenants.ask(ONE, { hold: 2 ** 60 }, NOW));
throws("a list of a million texts", ["bad_length", "bad_json"], () => tenants.command(ONE, { rename: { name: Array(1_000_000).fill("x") } }, by));
throws("a list without end", "bad_length", () => tenants.command(ONE, { rename: { name: new Uint8Array(1 << 26) } }, by));
throws("a hash of 31 bytes", "bad_length", () => tenants.followLink(new Uint8Array(31), { now: NOW }));
throws("a refusal has its facts", "last_owner", () => tenants.command(ONE, { leave: {} }, { ...by, authenticated_at: NOW }));
holds("it goes on after bad texts", isWell());

// -- Amounts that a double does not have.
const most = 18_446_744_073_709_551_615n;
const books = new Books(1n);
const order = (key, request) => books.order({ key: uuid(BigInt(key)), issued: NOW, request }, "system", NOW);
order(1, { grant: { class: "purchased", amount: 9_007_199_254_740_993n } });
holds("an amount above 2^53 is exact", books.ask("balance", NOW).spendable === 9_007_199_254_740_993n);
const digits = "c123456789012345";
const charged = order(2, { charge: { hold: ONE, spender: { scope: { class: digits } }, amount: 9_007_199_254_740_000n } });
holds("a text of many digits stays a text", charged.entry.order.request.charge.spender.scope.class === digits);
holds("an amount below 2^53 is a number", books.ask("balance", NOW).spendable === 993);
const renamed = tenants.command(ONE, { rename: { name: "#12345678901234567890" } }, { ...by, actor: "system" });
holds("so does one that looks like a number", renamed.records[0].event.renamed.name === "#12345678901234567890");
holds("a refusal has exact amounts", order(3, { charge: { hold: TWO, spender: {}, amount: most } }).why.facts.needed === most);
throws("an amount beyond 64 bits", "bad_json", () => order(4, { grant: { class: "purchased", amount: most + 1n } }));
throws("an amount below zero", "bad_json", () => order(5, { grant: { class: "purchased", amount: -1 } }));
throws("an entry that is none", "bad_json", () => books.replay({ version: 1 }));
throws("settings that are none", "bad_json", () => new Books(1n, { burn: ["luck"] }));

// -- What was freed.
const gone = { catalog: Catalog.preset("cloud"), tenants: fresh(), books: new Books(1n), access: tenants.access(question) };
for (const thing of Object.values(gone)) thing.free();
throws("a catalog that was freed", "no_handle", () => gone.catalog.describe());
throws("tenants of a catalog that was freed", "no_handle", () => Tenants.inMemory(gone.catalog));
throws("a catalog freed twice", "no_handle", () => gone.catalog.free());
throws("tenants that were freed", "no_handle", () => gone.tenants.check(question));
throws("a check by numbers of tenants that were freed", "no_handle", () => gone.tenants.checkRef(1, 1, 1, 1, 1, NOW));
throws("tenants freed twice", "no_handle", () => gone.tenants.free());
throws("books that were freed", "no_handle", () => gone.books.ask("balance", NOW));
throws("an access that was freed", "no_handle", () => gone.access.check("operation.run"));
holds("an access that was freed allows nothing", !gone.access.allows(run));
throws("an access by hand", "bad_value", () => new Access());
throws("tenants by hand", "bad_value", () => new Tenants());
const short = Catalog.preset("cloud");
const outlives = Tenants.inMemory(short);
short.free();
outlives.command(ONE, signUp, by);
const kept = outlives.access(question);
outlives.free();
holds("an access outlives its tenants, and they their catalog", kept.allows(run) && kept.check("operation.run").allowed);
for (const junk of JUNK) holds(`allows of ${String(junk)}`, kept.allows(junk) === false);

// -- Stores that throw, lie, and call back in.
const broken = (changes) => {
  const store = new MapStore();
  return Tenants.over(catalog, new Proxy(store, {
    get: (of, key) => changes[key] ?? (typeof of[key] === "function" ? of[key].bind(of) : of[key]),
  })); // prettier-ignore
};
const signsUp = (changes) => broken(changes).command(ONE, signUp, by);
const says = (kind) => () => {
  throw Object.assign(new Error("the disk is gone"), { store: kind });
};
holds("the store as it is", signsUp({}).organization === ONE);
throws("a store that throws when it reads", "store_fatal", () => signsUp({ find: () => { throw new Error("no"); } })); // prettier-ignore
throws("a store that throws when it writes", "store_unknown", () => signsUp({ append: () => { throw new Error("no"); } })); // prettier-ignore
throws("a store that asks to try again", "store_retry", () => signsUp({ find: says("retry") }));
throws("a store that does not know", "store_unknown", () => signsUp({ append: says("unknown") }));
throws("a store that failed for good", "store_fatal", () => signsUp({ append: says("fatal") }));
throws("a store that reads and does not know", "store_fatal", () => signsUp({ find: says("unknown") }));
throws("a store that throws nothing", "store_fatal", () => signsUp({ find: () => { throw undefined; } })); // prettier-ignore
throws("a store that throws what throws", "store_fatal", () => signsUp({ find: () => { throw { get message() { throw 1; } }; } })); // prettier-ignore
throws("a store that throws half a letter", "store_fatal", () => signsUp({ find: () => { throw "\ud800"; } })); // prettier-ignore
for (const junk of JUNK) {
  tried += 1;
  for (const what of ["records", "append", "operation", "find", "changes", "organizations"]) {
    try {
      const lied = broken({ [what]: () => junk });
      lied.command(ONE, signUp, { ...by, command: TWO });
      lied.view(ONE, NOW);
      lied.follow();
    } catch (why) {
      if (!(why instanceof BailiwickError) || why.number < 100 || why.number >= 500) fails(`a store whose ${what} is junk`, `${why?.code} ${why?.stack ?? why}`);
    }
  }
}
throws("a store that answers with more than it was asked for", "store_fatal", () => signsUp({ find: (_, __, ___, limit) => Array(limit + 1).fill({ organization: TWO }) }));
throws("a store that claims for nobody", "store_unknown", () => signsUp({ append: () => ({ claimed: "0".repeat(32) }) }));
throws("a store whose operation ends before it begins", ["store_fatal", "store_unknown"], () => signsUp({ append: () => ({ replayed: { from: 2, to: 1 } }) }));
const lines = (records) => {
  const store = new MapStore();
  const first = Tenants.over(catalog, store);
  first.command(ONE, signUp, by);
  store.records = records(store.records.bind(store));
  return Tenants.over(catalog, store);
};
for (const [name, records] of [
  ["a record of another version", (of) => (...asked) => of(...asked).map((it) => ({ ...it, version: it.version + 1 }))],
  ["a record of another text", (of) => (...asked) => of(...asked).map((it) => ({ ...it, text: '{"version":1}' }))],
  ["records backwards", (of) => (...asked) => of(...asked).toReversed()],
  ["a record twice", (of) => (...asked) => of(...asked).flatMap((it) => [it, it])],
  ["a record of an unknown event", (of) => (...asked) => of(...asked).map((it) => ({ ...it, text: it.text.replace("organization_created", "organization_exploded") }))],
])
  throws(`a store with ${name}`, "store_fatal", () => lines(records).view(ONE, NOW));
const callsBack = (call) => {
  let [inner, seen] = [undefined, undefined];
  const store = new MapStore();
  const { find } = MapStore.prototype;
  store.find = (...asked) => {
    try {
      seen = call(inner);
    } catch (why) {
      seen = why.code;
    }
    return find.apply(store, asked);
  };
  inner = Tenants.over(catalog, store);
  inner.command(ONE, signUp, by);
  return seen;
};
holds("a store that calls back", callsBack((inner) => inner.check(question)) === "reentered");
holds("a store that calls back by numbers", callsBack((inner) => inner.checkRef(1, 1, 1, 1, 1, NOW)) === 911);
holds("a store that frees its tenants", callsBack((inner) => inner.free()) === "reentered");
holds("a store that asks another", callsBack(() => Catalog.preset("cloud")) === "reentered");
holds("a store that changes what it was handed", callsBack(() => "fine") === "fine");
holds("it goes on after bad stores", isWell());

holds("nothing was broken by all of this", isWell() && tenants.checkRef(organization, 1, user, run, workspace, NOW) === 0);

console.log(`hostile: ${tried} calls, ${failed} came out otherwise`);
if (typeof process !== "undefined") process.exitCode = failed > 0 ? 1 : 0;
export const outcome = { tried, failed };
