// What a check through WebAssembly costs, beside the same check without it, in one run: `measure.js PROGRAM [ROUNDS]`. Turn after turn both are asked
// the same questions of the same world, and the median of each is told.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Catalog, Tenants, uuid } from "bailiwick";

const [program, rounds = "20"] = process.argv.slice(2);
const [ORGANIZATIONS, MEMBERS, TURNS, NOW] = [100, 20, 31, 1_795_000_000_000];

/** Organizations of 20 members with two workspaces each; developers have a row in the second one. */
function worldOf() {
  const [commands, questions] = [[], []];
  const give = (organization, actor, command) => commands.push({ organization, command, context: { actor, now: NOW } });
  for (let of = 1; of <= ORGANIZATIONS; of += 1) {
    const [organization, first] = [uuid(BigInt(of)), of * 1000];
    const [owner, workspace] = [{ user: uuid(BigInt(first)) }, uuid(BigInt(first + 500))];
    give(organization, owner, { create_organization: { name: `Acme ${of}`, plan: "team", seats: 30, owned: 0, workspace: uuid(BigInt(first)) } });
    give(organization, owner, { create_workspace: { workspace, name: "Production" } });
    for (let member = 1; member < MEMBERS; member += 1) {
      const role = ["admin", "viewer", "developer", "developer"][member % 4];
      give(organization, "system", { add_member: { user: uuid(BigInt(first + member)), roles: [role], access: [[workspace, {}]] } });
    }
    for (let member = 0; member < MEMBERS; member += 1) questions.push({ organization, user: uuid(BigInt(first + member)), workspace });
  }
  return { preset: "cloud", permission: "operation.run", now: NOW, commands, questions };
}

const world = worldOf();
const catalog = Catalog.preset(world.preset);
const tenants = Tenants.inMemory(catalog);
for (const { organization, command, context } of world.commands) tenants.command(organization, command, context);
const permission = catalog.permission(world.permission);
const refs = world.questions.map(({ organization, user, workspace }) => [tenants.ref(organization), tenants.ref(user), tenants.ref(workspace)]);
const list = Uint32Array.from(refs.flatMap(([organization, user, workspace]) => [organization, 1, user, permission, workspace]));
const friendly = world.questions.map(({ organization, user, workspace }) => ({
  organization,
  actor: { user },
  permission: world.permission,
  target: { workspace },
  now: NOW,
}));
const [{ organization, actor, target }] = friendly;
const access = tenants.access({ organization, actor, target, now: NOW });
const answers = new Uint16Array(friendly.length);

/** How often each way says yes, so that a fast wrong answer is no result. */
const WAYS = {
  byNumbers() {
    let yes = 0;
    for (const [organization, user, workspace] of refs) yes += tenants.checkRef(organization, 1, user, permission, workspace, NOW) === 0 ? 1 : 0;
    return yes;
  },
  friendly() {
    let yes = 0;
    for (const question of friendly) yes += tenants.check(question).allowed ? 1 : 0;
    return yes;
  },
  inAList() {
    tenants.checkEach(list, { now: NOW }, answers);
    let yes = 0;
    for (const answer of answers) yes += answer === 0 ? 1 : 0;
    return yes;
  },
  allows() {
    let yes = 0;
    for (let at = 0; at < friendly.length; at += 1) yes += access.allows(permission) ? 1 : 0;
    return yes;
  },
};

const native = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: native.stdout })[Symbol.asyncIterator]();
native.stdin.write(`${JSON.stringify(world)}\n`);
const per = Number(rounds) * friendly.length;
const times = { check: [], each: [], allows: [], ...Object.fromEntries(Object.keys(WAYS).map((way) => [way, []])) };
for (let turn = 0; turn < TURNS; turn += 1) {
  native.stdin.write(`${rounds}\n`);
  const { value } = await lines.next();
  const said = JSON.parse(value);
  for (const key of ["check", "each", "allows"]) times[key].push(said[key] / per);
  for (const [way, ask] of Object.entries(WAYS)) {
    const begin = process.hrtime.bigint();
    let yes = 0;
    for (let round = 0; round < Number(rounds); round += 1) yes += ask();
    times[way].push(Number(process.hrtime.bigint() - begin) / per);
    const expected = way === "allows" ? per : said.allowed;
    if (yes !== expected || yes === 0) throw new Error(`${way}: ${yes} of ${per} answers are yes, and ${expected} should be`);
  }
}
native.stdin.end();
await once(native, "close");

const median = (list) => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)];
const digits = (ns) => (ns < 10 ? ns.toFixed(1) : ns.toFixed(0));
const row = (name, key, beside) => `| ${name} | ${digits(median(times[beside]))} | ${digits(median(times[key]))} | ${(median(times[key]) / median(times[beside])).toFixed(1)} |`;
console.log("| ns | in Rust | from JavaScript | ratio |\n| --- | ---: | ---: | ---: |");
console.log(row("`tenants.checkRef`, by numbers", "byNumbers", "check"));
console.log(row("`tenants.check`, by UUIDs and names", "friendly", "check"));
console.log(row("`tenants.checkEach`, 2,000 in a list", "inAList", "each"));
console.log(row("`access.allows`", "allows", "allows"));
