// What a TypeScript user writes: compiled strictly, and run.
import {
  Access, ActorKind, BailiwickError, Books, Catalog, QUESTION_WIDTH, Tenants, codes, uuid,
  type CatalogMistakes, type Command, type Context, type Decision, type Event, type Facts, type Store, type Verdict,
} from "bailiwick";

const now = 1_795_000_000_000;
const [ada, bob, acme, workspace] = [uuid(1n), uuid(2n), uuid(3n), uuid(4n)];
const facts: Facts = { now };
const by = (user: string): Context => ({ ...facts, actor: { user }, authenticated_at: now });

function expect(what: string, so: boolean): void {
  if (!so) throw new Error(`not so: ${what}`);
}

/** A decision is one of three, and each has what it has. */
function worded(decision: Decision): string {
  if (decision.allowed) return decision.code satisfies "allow";
  if (decision.code === "step_up") return `within ${decision.authentication_within ?? "any time"}`;
  return decision.plan ? `needs ${decision.plan}` : decision.code;
}

/** An event is one of many. */
function told(event: Event): string {
  if (typeof event === "string") return event;
  if (event.organization_created) return `created by ${event.organization_created.owner}`;
  if (event.roles_changed) return event.roles_changed.roles.join(" ");
  return Object.keys(event).join("");
}

// Catalogs.
const catalog: Catalog = Catalog.preset("cloud");
const { roles, matrix, permissions } = catalog.describe();
expect("roles have ranks", roles.every(({ rank }) => Number.isInteger(rank)) && matrix.role_keys.length === roles.length);
expect("permissions by position", permissions.every(({ key, position }) => catalog.permission(key) === position));
expect("lint finds or finds not", catalog.lint().every(({ code, advice }) => code !== "" && advice !== ""));
expect("its form reads back", Catalog.parse(catalog.toText()).name === catalog.name);
try {
  Catalog.parse(Catalog.presetText("cloud").replace('extends = "', 'extends = "x'));
} catch (why) {
  if (!(why instanceof BailiwickError)) throw why;
  const { mistakes } = why.facts as unknown as CatalogMistakes;
  expect("mistakes have places", mistakes.every(({ path, place }) => path !== "" && place !== null && place.line > 1));
}

// Commands are a union: this is checked as it is written.
const create: Command = { create_organization: { name: "Acme", plan: "team", seats: 5, owned: 0, workspace } };
// @ts-expect-error one command at a time
export const two: Command = { leave: {}, suspend: { user: ada } };
// @ts-expect-error a field that there is not
export const wrong: Command = { suspend: { usr: ada } };

const tenants = Tenants.inMemory(catalog);
const { records } = tenants.command(acme, create, by(ada));
expect("nothing but the first records", records.length === 0);
const add: Command = { add_member: { user: bob, roles: ["viewer"], access: [[workspace, { added: ["operation.run"] }]] } };
const preview = tenants.preview(acme, add, { actor: "system", now });
expect("a preview says who gains", preview.access.some(({ who, gained }) => who !== "system" && typeof who === "object" && who.user === bob && gained.includes("operation.run")));
tenants.command(acme, add, { actor: "system", now });
expect("a journal has events", tenants.journal(acme).map(({ event }) => told(event)).includes(`created by ${ada}`));

// Questions.
const question = { organization: acme, actor: { user: bob }, permission: "operation.run", target: { workspace }, now } as const;
expect("an answer", worded(tenants.check(question)) === "allow");
expect("a reason", worded(tenants.check({ ...question, permission: "subscription.change", target: "organization" })) === "not_granted");
const { layers, decision } = tenants.explain(question);
expect("layers", decision.allowed && layers.some(({ kind, effect, origin }) => kind === "row" && effect === "gives" && origin?.by === "system"));
const [change] = tenants.nearest({ ...question, permission: "workspace.create", target: "organization" });
expect("the nearest change", change !== undefined && change.by.includes(ada) && change.change.organization?.change_roles?.user === bob);
const access: Access = tenants.access(question);
expect("bits", access.allows(catalog.permission("operation.run")) && !access.restrict([]).allows(catalog.permission("operation.run")));
const numbers = [tenants.ref(acme), ActorKind.USER, tenants.ref(bob), catalog.permission("operation.run"), tenants.ref(workspace)] as const;
expect("numbers", tenants.checkRef(...numbers, now) === 0);
const answers: Uint16Array = tenants.checkEach(Uint32Array.from([...numbers, ...numbers]), facts);
expect("lists", answers.length === 2 && QUESTION_WIDTH === 5 && answers.every((answer) => answer === 0));

// Lists and menus.
const view = tenants.view(acme, now);
expect("a view", view !== null && view.seats?.used === 2 && view.snapshot.people.length === 2 && view.broken.length === 0);
const offers = tenants.allowedActions(acme, { person: bob }, by(ada));
expect("offers", offers.some(({ command }) => command.suspend?.user === bob));
const [row] = tenants.peopleWith(acme, "operation.run", { workspace }, facts).items.filter(({ user }) => user === bob);
expect("through what", row?.through.some(({ through }) => through === "row") === true);
const review = tenants.review(acme, facts);
expect("a review", review?.places.some(({ place, rows }) => typeof place === "object" && place.workspace === workspace && rows.length === 2) === true);
expect("a switcher", tenants.belongings(bob, facts).items[0]?.roles[0] === "viewer" && tenants.organizationsOf(bob).items[0] === acme);
expect("places", tenants.workspacesOf(acme, { user: bob }, facts).items.some(({ holding }) => holding.usable.includes("operation.run")));

// What if viewers could do more?
const wider = JSON.parse(catalog.toText()) as { roles: { key: string; permissions?: string[] }[] };
wider.roles.find(({ key }) => key === "viewer")?.permissions?.push("operation.run");
const compared = tenants.compare(Catalog.parse(JSON.stringify(wider)), [acme], facts, { names: { [bob]: "Bob" } });
expect("objections are told", compared.objections.every(({ kind, text }) => kind !== "other" && text !== "") && compared.markdown !== "");

// Shares.
const resource = { id: uuid(50n) };
const studio = Tenants.inMemory(Catalog.preset("production"));
studio.command(acme, { create_organization: { name: "Acme Films", plan: "studio", seats: 5, owned: 0, workspace } }, by(ada));
const shared: Command = { add_member: { user: bob, roles: ["talent"] } };
studio.command(acme, shared, { actor: "system", now });
const give = { give_share: { share: uuid(60n), to: { user: bob }, level: ["script.view"] } } as const;
const before = studio.previewShare(acme, resource, give, by(ada));
expect("a preview of a share", before.records.length === 1);
studio.share(acme, resource, give, by(ada));
expect("what is shared", studio.sharesOn(acme, resource.id)[0]?.level[0] === "script.view" && studio.sharesOf(acme).length === 1);
expect("and counts", studio.check({ organization: acme, actor: { user: bob }, permission: "script.view", target: { kept_resource: resource }, now }).allowed);

// Accounts.
const key = (number: bigint) => ({ key: uuid(number), issued: now });
tenants.order(acme, { ...key(70n), request: { grant: { class: "purchased", amount: 100 } } }, "system", now);
const lot = tenants.ask(acme, "lots", now).find(({ class: of }) => of === "purchased");
expect("lots have columns", lot?.columns.granted === 100 && lot.columns.available === 100);
expect("what can be taken", tenants.ask(acme, { spendable: { user: bob } }, now).amount >= 100);
const books = new Books(acme, { burn: ["expiry", "class", "age"] });
const verdict: Verdict = books.order({ ...key(71n), request: { charge: { hold: uuid(72n), spender: {}, amount: 5 } } }, { user: bob }, now);
expect("a refusal is an answer", "why" in verdict && verdict.why.code === "not_enough");

// A store of one's own.
const empty: Store = {
  records: () => [],
  append: () => "conflict",
  operation: () => null,
  find: () => [],
  countUse: () => 0,
  changes: () => ({ changed: [], cursor: 0, is_all: true }),
  organizations: () => [],
  resources: () => [],
  replace: () => true,
  erase: () => undefined,
};
try {
  Tenants.over(catalog, empty).command(acme, create, by(ada));
  expect("a store that always conflicts", false);
} catch (why) {
  expect("it gives up", why instanceof BailiwickError && why.code === "contended");
}
expect("every number has a name", codes().every(({ number, code, text }) => number >= 0 && code !== "" && text !== ""));
console.log("sample: everything is as its types say");
