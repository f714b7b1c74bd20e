// How things stand: what a `state` line asks for, answered in its words.
import { figure } from "./figures.js";
import { orNone, worded } from "./world.js";

/** The answer; nothing for what cannot be asked. */
export function state(world, subject) {
  const all = subject.join(" ");
  const [first, second, third] = subject;
  if (first === "payer") return payer(world, subject);
  if (first === "excess" && second === "on") return excess(world, third, subject[4]);
  const found = figure(world, subject);
  if (found !== undefined) return found;
  if (all === "events") return events(world);
  if (all === "effects") return orNone((world.last?.effects ?? []).map((effect) => told(world, effect)));
  if (all === "left out") return orNone((world.last?.left_out ?? []).map(({ item, why }) => `${world.batch[item] ?? ""} ${why.code}`));
  if (subject.length === 3 && second === "in") return later(world, first, third);
  if (subject.length === 3 && second === "of") return ofThree(world, first, third);
  const two = subject.length === 2 ? ofTwo(world, first, second) : undefined;
  if (two !== undefined) return two;
  if (subject.length === 1 && world.names.some(({ kind, word }) => kind === "PERSON" && word === first)) return standing(world, first);
  return ofOrganization(world, all);
}

const organization = (world) => world.id("ORGANIZATION", world.organization);
const viewAt = (world, now) => (world.organization === null ? null : world.tenants.view(organization(world), now));
const view = (world) => viewAt(world, world.now);
const snapshot = (world) => view(world)?.snapshot;
const profile = (world) => snapshot(world)?.profile ?? {};
const orUnset = (value) => worded(value) || "-";
const listed = (list) => orNone(list ?? []);
const person = (world, who) => snapshot(world)?.people.find(({ user }) => user === world.id("PERSON", who));

function standing(world, who) {
  if (view(world) === null) return "gone";
  const found = person(world, who);
  if (found === undefined) return "stranger";
  if (found.status === "suspended") return "suspended";
  return found.roles ? "member" : "collaborator";
}

function payer(world, [, , who, , place, , of]) {
  const work = { workspace: place === "org" ? undefined : world.workspace(place), class: of };
  if (world.organization === null || view(world) === null) return "gone";
  try {
    return world.tenants.payer(organization(world), work, { actor: world.actor(who), now: world.now }).pays.replace("_", "-");
  } catch (why) {
    return why.code === "denied" ? `denied ${why.facts.reason}` : why.code;
  }
}

function excess(world, plan, seats = 0) {
  const found = world.tenants.excess(organization(world), plan, Number(seats), world.now);
  return orNone(found.map(({ used, what, max }) => `${used} ${what} of ${max}`));
}

function organizationsOf(world, who) {
  const found = [];
  let after = null;
  do {
    const page = world.tenants.organizationsOf(world.id("PERSON", who), { after, limit: 8 });
    found.push(...page.items.map((id) => world.word("ORGANIZATION", id)));
    after = page.next;
  } while (after !== null);
  return orNone(found);
}

function actorName(world, by) {
  if (by === "system") return "platform";
  if (by === "provisioner") return "directory";
  if (by.staff) return `staff:${world.word("PERSON", by.staff.staff)}@${world.word("PERSON", by.staff.on_behalf_of)}`;
  return by.service ? `service:${world.word("SERVICE", by.service)}` : world.word("PERSON", by.user);
}

/** Roles, then workspaces with what is different there. */
function promise(world, { roles, access }) {
  const rows = access.map(([workspace, { role, added = [], removed = [] }]) => {
    const parts = [...(role ? [role] : []), ...added.map((key) => `+${key}`), ...removed.map((key) => `-${key}`)];
    return `${world.word("WORKSPACE", workspace)}=${parts.join(",") || "own"}`;
  });
  return orNone([...roles, ...rows]);
}

function ofInvitation(world, what, who) {
  const id = world.api.uuid(BigInt(world.invitations.get(who)?.id ?? 999_999));
  const found = snapshot(world)?.invitations.find(({ invitation }) => invitation === id);
  if (found === undefined) return "unknown";
  if (what === "promise") return promise(world, found);
  if (what === "inviter") return actorName(world, found.issued.by);
  if (what === "end") return world.left(found.until);
  return found.state === "open" && found.until <= world.now ? "expired" : found.state;
}

const nameOf = (one) => (typeof one === "string" ? one : Object.keys(one)[0]);
const events = (world) => orNone((world.last?.records ?? []).map(({ event }) => nameOf(event).replaceAll("_", "-")));

/** What there is to do, in words. */
function told(world, effect) {
  const kind = nameOf(effect);
  const facts = effect[kind] ?? {};
  const someone = (key) => world.word("PERSON", facts[key]);
  const name = kind.replaceAll("_", "-");
  switch (kind) {
    case "send_invitation":
      return `${name} ${facts.address} ${world.left(facts.until)}`;
    case "end_sessions":
    case "drop_shares":
      return `${name} ${someone("user")}`;
    case "drop_team_shares":
      return `${name} ${facts.team}`;
    case "hand_over_content":
    case "offer_ownership":
      return `${name} ${someone("from")} ${someone("to")}`;
    case "end_service":
      return `${name} ${world.word("SERVICE", facts.service)}`;
    case "verify_domain":
      return `${name} ${facts.domain}`;
    case "delete_workspace_content":
      return `${name} ${world.word("WORKSPACE", facts.workspace)}`;
    case "purge_content":
      return `${name} ${facts.kind} ${world.left(facts.due)}`;
    case "change_subscription":
      return `${name} ${facts.plan} ${facts.seats} ${facts.at === null ? "now" : world.left(facts.at)}`;
    case "dispose_of_organization": {
      const when = world.left(facts.purge_at);
      if (typeof facts.disposition === "string") return `${facts.disposition}-everything ${when}`;
      return `transfer-everything ${world.word("ORGANIZATION", facts.disposition.transfer_to)} ${when}`;
    }
    default:
      return name;
  }
}

function domain(world, name) {
  const found = (snapshot(world)?.domains ?? []).find(([domain]) => domain === name);
  return found === undefined ? "-" : [found[1].confirmed ? "confirmed" : "unconfirmed", ...found[1].roles].join(" ");
}

function meter(world, name) {
  const rules = (view(world)?.allowance?.meters ?? []).filter((rule) => rule.meter === name);
  return orNone(rules.map(({ max, per, enforcement }) => `${max} per-${per} ${enforcement}`));
}

const COUNTS = {
  members: "members",
  "active members": "active_members",
  collaborators: "collaborators",
  owners: "owners",
  "open invitations": "open_invitations",
};

/** What is asked of the organization as a whole. */
function ofOrganization(world, subject) {
  const seen = view(world);
  if (seen === null) return "gone";
  const known = profile(world);
  if (COUNTS[subject]) return worded(seen[COUNTS[subject]]);
  switch (subject) {
    case "workspaces":
    case "teams":
    case "services":
      return worded(seen.snapshot[subject].length);
    case "name":
    case "kind":
      return known[subject];
    case "description":
    case "provider":
      return orUnset(known[subject]);
    case "status":
      return known.deletion ? "deleted" : known.status.replace("_", "-");
    case "plan":
      return orUnset(seen.plan);
    case "seats":
      return seen.seats ? `${seen.seats.used} of ${seen.seats.limit}` : "-";
    case "charged seats":
      return orUnset(seen.seats?.charged);
    case "own keys":
      return listed(known.own_keys);
    case "directory":
      return known.provisioned_roles ? listed(known.provisioned_roles) : "-";
    case "offer":
      return known.offer ? world.word("PERSON", known.offer.to) : "none";
    case "purge":
      return known.deletion ? world.left(known.deletion.purge_at) : "never";
    case "allocation":
      return seen.allowance ? worded(seen.allowance.allocation) : "gone";
    default:
      return undefined;
  }
}

function later(world, what, after) {
  const seen = viewAt(world, world.now + world.span(after));
  if (what === "plan") return orUnset(seen?.plan);
  if (what === "seats") return orUnset(seen?.bought);
  return worded(seen?.allowance?.allocation);
}

function ofTwo(world, first, second) {
  const seen = snapshot(world);
  switch (first) {
    case "preference":
      return orUnset(profile(world).preferences?.[second]);
    case "domain":
      return domain(world, second);
    case "meter":
      return meter(world, second);
    case "role": {
      const found = seen?.custom_roles.find((role) => role?.key === second);
      return found ? [found.like, ...found.permissions].join(" ") : "gone";
    }
    case "service": {
      const found = seen?.services.find(({ service }) => service === world.id("SERVICE", second));
      return found === undefined ? "gone" : found.sponsor ? world.word("PERSON", found.sponsor) : "nobody";
    }
    case "workspace": {
      const found = seen?.workspaces.find(({ workspace }) => workspace === world.workspace(second));
      return found === undefined ? "gone" : found.archived ? "archived" : "open";
    }
    case "team":
      return seen?.teams.find(({ team }) => team === world.id("TEAM", second))?.name ?? "gone";
    default:
      return undefined;
  }
}

function ofThree(world, first, third) {
  switch (first) {
    case "roles":
      return orNone((person(world, third)?.roles ?? []).map(({ role }) => role));
    case "teams":
      return orNone((person(world, third)?.teams ?? []).map(({ team }) => world.word("TEAM", team)));
    case "organizations":
      return organizationsOf(world, third);
    case "invitation":
    case "promise":
    case "inviter":
    case "end":
      return ofInvitation(world, first, third);
    case "name":
      return snapshot(world)?.workspaces.find(({ workspace }) => workspace === world.workspace(third))?.name ?? "gone";
    case "credits": {
      const found = person(world, third);
      return found === undefined ? "gone" : found.credits === undefined ? "role" : found.credits ? "on" : "off";
    }
    case "retention": {
      const found = view(world)?.retention.find(({ kind }) => kind === third);
      return found === undefined ? "never" : world.left(found.due);
    }
    default:
      return undefined;
  }
}
