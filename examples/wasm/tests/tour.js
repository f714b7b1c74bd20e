import { Catalog, Tenants, uuid } from "bailiwick";

// The catalog: what can be named. Here a ready one; yours is a file, in TOML or JSON.
const tenants = Tenants.inMemory(Catalog.preset("cloud"));

// Ids and time are yours, and always handed in.
const now = 1_795_000_000_000;
const [ada, bob, acme, first, prod] = [1n, 2n, 10n, 20n, 21n].map(uuid);
const invitation = uuid(30n);
const secret = new Uint8Array(32).fill(7); // the SHA-256 of what is in the link

// Commands: judged, then applied.
tenants.command(acme, { create_organization: { name: "Acme", plan: "team", seats: 3, owned: 0, workspace: first } }, { actor: { user: ada }, now });
tenants.command(acme, { create_workspace: { workspace: prod, name: "Production" } }, { actor: { user: ada }, now });
const access = [[prod, { role: "developer" }]];
const { effects } = tenants.command(acme, { invite: { invitation, address: "bob@acme.example", roles: ["viewer"], access, secret } }, { actor: { user: ada }, now });
console.log(effects[0].send_invitation.address);
tenants.command(acme, { accept: { invitation, secret, address: { verified: "bob@acme.example" } } }, { actor: { user: bob }, now });

// Questions: resolve once for each request, then test bits.
const permission = tenants.catalog.permission("operation.run");
const may = tenants.access({ organization: acme, actor: { user: bob }, target: { workspace: prod }, now });
console.log(may.allows(permission));

const question = { organization: acme, actor: { user: bob }, permission: "subscription.change", now };
const decision = tenants.check(question);
if (!decision.allowed) console.log(decision.code, "-", decision.text);
console.log(tenants.explainText(question, { [ada]: "Ada", [bob]: "Bob" }));
