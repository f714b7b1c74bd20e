// Questions: each is asked in every way that there is, and all have to agree.
import { TableError } from "./words.js";

/** Says what is wrong with the answer, or nothing. */
export function ask(world, words) {
  const at = words.indexOf("given");
  const [[who, place, permission, ...answer], given] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  if (answer.length === 0) throw new TableError("the line should read ROW WHO WHERE PERMISSION ANSWER");
  const expected = answer[0] === "deny" ? answer[1] : answer[0];
  const question = {
    organization: world.id("ORGANIZATION", world.organization),
    actor: world.actor(who),
    permission,
    target: targetOf(world, place),
    ...world.facts(given),
  };
  const decision = world.tenants.check(question);
  const { code } = decision;
  if (code !== expected) return `expected ${expected}, found ${code}`;
  if (decision.allowed !== (code === "allow")) return "the answer contradicts its code";
  return [byNumbers, inAList, byPosition, byAccess, byExplanation].map((way) => way(world, question, decision)).find(Boolean);
}

function targetOf(world, place) {
  if (place === "org") return "organization";
  const resource = world.resources.get(place);
  return resource ? { kept_resource: { ...resource, shares: world.shares } } : { workspace: world.workspace(place) };
}

const KINDS = { user: 1, service: 3, link: 4 };

/** Who asks, as numbers. */
function numbersOf({ tenants }, { organization, actor, target }) {
  const place = target === "organization" ? 0 : tenants.ref(target.workspace);
  const who =
    actor === "provisioner" ? [5, 0]
    : actor === "system" ? [6, 0]
    : actor.staff ? [2, tenants.staffRef(actor.staff.staff, actor.staff.on_behalf_of)]
    : Object.entries(actor).map(([kind, id]) => [KINDS[kind], tenants.ref(id)])[0];
  return { organization: tenants.ref(organization), kind: who[0], who: who[1], place };
}

function factsOf({ organization, actor, permission, target, ...facts }) {
  return facts;
}

/** Numbers know of the moment only the time. */
function byNumbers(world, question, decision) {
  if (question.target.kept_resource || Object.values(factsOf(question)).filter((fact) => fact !== undefined).length > 1) return undefined;
  const { organization, kind, who, place } = numbersOf(world, question);
  const found = world.tenants.checkRef(organization, kind, who, world.catalog.permission(question.permission), place, world.now);
  return found === decision.number ? undefined : `a check by numbers says ${found}`;
}

function inAList(world, question, decision) {
  if (question.target.kept_resource) return undefined;
  const { organization, kind, who, place } = numbersOf(world, question);
  const list = Uint32Array.of(organization, kind, who, world.catalog.permission(question.permission), place, 0, 9, 9, 9, 9);
  const [found, wrong] = world.tenants.checkEach(list, factsOf(question));
  return found === decision.number && wrong >= 900 ? undefined : `a list of questions says ${found}, and ${wrong} to what is none`;
}

function byPosition(world, question, decision) {
  const found = world.tenants.check({ ...question, permission: world.catalog.permission(question.permission) });
  return found.number === decision.number && found.text === decision.text ? undefined : "asked by position the answer is another";
}

function byAccess(world, { permission, ...question }, decision) {
  const access = world.tenants.access(question);
  const [found, bit] = [access.check(permission), access.allows(world.catalog.permission(permission))];
  const [listed, none] = [access.allowed().includes(permission), access.restrict([])];
  const restricted = none.allowed().length;
  none.free();
  access.free();
  if (found.number !== decision.number || bit !== decision.allowed || listed !== decision.allowed) return "an access says otherwise";
  return restricted === 0 ? undefined : "an access restricted to nothing allows something";
}

function byExplanation(world, question, decision) {
  const { decision: found, steps, layers } = world.tenants.explain(question);
  if (JSON.stringify(found) !== JSON.stringify(decision)) return "the explanation says otherwise";
  if (steps.at(-1)?.verdict !== "answered" || !Array.isArray(layers)) return "the explanation has no end";
  return world.tenants.explainText(question).includes("as of version") ? undefined : "the explanation has no words";
}
