// Steps: each verb of a table as the command that it stands for.
import { isOrder, order } from "./orders.js";
import { aboutShares, keepResource, keepShare, SHARE_VERBS } from "./shares.js";
import { TableError } from "./words.js";
import { dayOf, secretOf } from "./world.js";

/** Carries out a step; throws what refuses it. */
export function act(world, step) {
  const { verb } = step;
  world.last = null;
  if (SHARE_VERBS.includes(verb)) return aboutShares(world, step);
  if (isOrder(verb)) return order(world, step);
  const found = ABOUT_THE_TABLE[verb] ?? STEPS[verb];
  if (found !== undefined) return found(world, step);
  const command = COMMANDS[verb];
  if (command === undefined) throw new TableError(`nobody can \`${verb}\``);
  return give(world, step, { [verb === "erase" ? "erase_user" : verb === "own-key" ? "set_own_key" : verb === "status" ? "change_status" : verb.replaceAll("-", "_")]: command(world, step) });
}

const ABOUT_THE_TABLE = {
  use: (world, { plain: [name] }) => {
    world.organization = name;
  },
  wait: (world, { plain: [span] }) => {
    world.now += world.span(span);
  },
  at: (world, { plain: [day] }) => {
    world.now = dayOf(day);
    if (world.now === undefined) throw new TableError("at a day");
  },
  resource: keepResource,
  share: keepShare,
};

/** Gives a command to the organization in use. */
function give(world, step, command) {
  if (world.organization === null) throw new TableError("no organization yet");
  const organization = world.id("ORGANIZATION", world.organization);
  world.last = world.tenants.command(organization, command, world.context(step));
  return world.last;
}

/** What is different in a workspace: `developer,+key,-key`, or `own`. */
function changes(world, step, parts) {
  const words = parts.split(",").filter((part) => part !== "");
  const signed = (sign) => words.filter((part) => part[0] === sign).map((part) => part.slice(1));
  const role = words.find((part) => !/^[+-]/.test(part) && part !== "own");
  return { role, added: signed("+"), removed: signed("-"), until: world.end(step.option("until")) };
}

const places = (step) => step.args.filter((argument) => argument.includes("=") && !/^(role|until|as)=/.test(argument)).map((argument) => argument.split(/=(.*)/s));
const access = (world, step) => places(step).map(([place, parts]) => [world.workspace(place), changes(world, step, parts)]);

export function proof(step) {
  const address = step.option("as") ?? `${step.who}@example.com`;
  return step.args.includes("unverified") ? { claimed: address } : { verified: address };
}

const invitationOf = (world, who) => world.api.uuid(BigInt(world.invitations.get(who)?.id ?? 999_999));
const noteSent = (world, who, id) => world.invitations.set(who, { id, secret: who, times: 1 });

function invitation(world, step, who, roles) {
  world.invited += 1;
  return {
    invitation: world.api.uuid(BigInt(world.invited)),
    address: step.option("as") ?? `${who}@example.com`,
    roles,
    access: access(world, step),
    secret: secretOf(who),
  };
}

function start(world, step, command) {
  const before = world.organization;
  [world.organization] = step.plain;
  try {
    world.tenants.command(world.id("ORGANIZATION", world.organization), command(world), world.context(step));
  } catch (why) {
    world.organization = before;
    throw why;
  }
}

/** What answers an invitation. */
function answer(world, step) {
  const invited = step.option("for") ?? step.who;
  const secret = step.option("secret") ?? world.invitations.get(invited)?.secret ?? invited;
  return { invitation: invitationOf(world, invited), secret: secretOf(secret), address: proof(step) };
}

const service = (world, step) => ({ service: world.id("SERVICE", step.plain[0]) });
const secretOfService = (world, step) => secretOf(`${step.plain[0]} ${world.now}`);
const held = (world, step) => ({
  permissions: step.list("holds"),
  workspaces: step.list("in").map((place) => world.workspace(place)),
  until: world.end(step.option("until")),
});
const content = (world, step) => {
  const said = step.option("content");
  return said === undefined || said === "stays" ? said : { transfer_to: world.id("PERSON", said) };
};
const role = (world, step) => ({
  role: step.plain[0],
  title: step.plain[1],
  like: step.option("like") ?? "",
  reach: step.option("reach") ?? "assigned",
  permissions: step.list("holds"),
});
const user = (world, step) => world.id("PERSON", step.plain[0]);
const workspace = (world, step) => world.workspace(step.plain[0]);
const team = (world, step) => world.id("TEAM", step.plain[0]);

/** Steps that are more than one command, or remember something. */
const STEPS = {
  "sign-up": (world, step) => start(world, step, () => ({ sign_up: { name: step.plain[1], workspace: world.workspace("default") } })),
  "create-organization": (world, step) =>
    start(world, step, () => ({
      create_organization: {
        plan: step.option("plan") ?? "",
        seats: Number(step.option("seats") ?? 0),
        owned: 0,
        name: step.plain[1],
        workspace: world.workspace("default"),
      },
    })),
  invite: (world, step) => {
    const invite = invitation(world, step, step.plain[0], step.list("role"));
    const id = world.invited;
    give(world, step, { invite });
    noteSent(world, step.plain[0], id);
  },
  "invite-many": (world, step) => {
    const first = world.invited + 1;
    const items = step.plain.map((item) => item.split(":"));
    world.batch = items.map(([who]) => who);
    const invitations = items.map(([who, as]) => invitation(world, step, who, as === undefined ? step.list("role") : as.split(",")));
    const { left_out: out } = give(world, step, { invite_many: { invitations } });
    world.batch.forEach((who, item) => out.some((left) => left.item === item) || noteSent(world, who, first + item));
  },
  // Sends again, with a secret that is named after how often it was sent; it counts where the policy rotates.
  resend: (world, step) => {
    const [who] = step.plain;
    const known = world.invitations.get(who);
    const times = (known?.times ?? 1) + 1;
    const secret = `${who}.${times}`;
    const offered = step.option("secret") === "none" ? undefined : secretOf(secret);
    const { records } = give(world, step, { resend: { invitation: invitationOf(world, who), secret: offered } });
    if (known === undefined) return;
    known.times = times;
    if (records.some(({ event }) => event.invitation_resent?.secret)) known.secret = secret;
  },
  "give-access": (world, step) => {
    for (const [place, parts] of places(step))
      give(world, step, { give_access: { user: user(world, step), workspace: world.workspace(place), changes: changes(world, step, parts) } });
  },
  "erase-everywhere": (world, step) => {
    world.tenants.eraseUser(user(world, step), world.facts(step.given));
  },
};

/** Steps that are one command: its fields. */
const COMMANDS = {
  rename: (_, { plain: [name] }) => ({ name }),
  describe: (_, { plain: [description] }) => ({ description }),
  "set-preference": (_, { plain: [key, value] }) => ({ key, value }),
  status: (_, { plain: [status] }) => ({ status: status === "past-due" ? "past_due" : status }),
  "delete-organization": (world, step) => {
    const said = step.option("content") ?? "delete";
    return { disposition: said === "delete" || said === "export" ? said : { transfer_to: world.id("ORGANIZATION", said) } };
  },
  "restore-organization": () => ({}),
  "change-plan": (world, step) => ({ plan: step.plain[0], seats: Number(step.option("seats") ?? 0), at: world.end(step.option("at")) }),
  "change-seats": (world, step) => ({ seats: Number(step.plain[0]), period_end: world.end(step.option("at")) ?? world.now }),
  "own-key": (_, { plain: [of, on] }) => ({ class: of, on: on === "on" }),
  "require-provider": (_, { plain: [provider] }) => ({ provider }),
  "set-domain": (_, step) => ({ domain: step.plain[0], roles: step.list("role") }),
  "confirm-domain": (_, { plain: [domain] }) => ({ domain }),
  "drop-domain": (_, { plain: [domain] }) => ({ domain }),
  "join-by-domain": (_, step) => ({ address: proof(step) }),
  "set-provisioning": (_, step) => ({ roles: step.args.includes("off") ? null : step.list("role") }),
  "create-workspace": (world, step) => ({ workspace: workspace(world, step), name: step.plain[1] }),
  "rename-workspace": (world, step) => ({ workspace: workspace(world, step), name: step.plain[1] }),
  "archive-workspace": (world, step) => ({ workspace: workspace(world, step) }),
  "reopen-workspace": (world, step) => ({ workspace: workspace(world, step) }),
  "delete-workspace": (world, step) => ({ workspace: workspace(world, step) }),
  "edit-invitation": (world, step) => ({ invitation: invitationOf(world, step.plain[0]), roles: step.list("role"), access: access(world, step) }),
  revoke: (world, step) => ({ invitation: invitationOf(world, step.plain[0]) }),
  accept: answer,
  decline: answer,
  "add-member": (world, step) => ({ user: user(world, step), roles: step.list("role"), access: access(world, step) }),
  "add-collaborator": (world, step) => ({ user: user(world, step), access: access(world, step) }),
  "make-collaborator": (world, step) => ({ user: user(world, step) }),
  "change-roles": (world, step) => ({ user: user(world, step), roles: step.list("role") }),
  suspend: (world, step) => ({ user: user(world, step) }),
  reactivate: (world, step) => ({ user: user(world, step) }),
  "switch-credits": (world, step) => ({ user: user(world, step), on: step.plain[1] === "role" ? undefined : step.plain[1] === "on" }),
  remove: (world, step) => ({ user: user(world, step), content: content(world, step) }),
  leave: (world, step) => ({ content: content(world, step) }),
  erase: (world, step) => ({ user: user(world, step) }),
  "transfer-ownership": (world, step) => ({ to: user(world, step), from: step.option("from") && world.id("PERSON", step.option("from")) }),
  "accept-ownership": () => ({}),
  "cancel-transfer": () => ({}),
  "create-role": role,
  "change-role": role,
  "delete-role": (_, step) => ({ role: step.plain[0], instead: step.option("instead") }),
  "take-access": (world, step) => ({ user: user(world, step), workspace: world.workspace(step.plain[1]) }),
  "set-rule": (world, step) => {
    const [place, holder, ...signs] = step.plain;
    const [kind, name] = holder.split(/:(.*)/s);
    const signed = (sign) => signs.filter((part) => part[0] === sign).map((part) => part.slice(1));
    return {
      workspace: world.workspace(place),
      holder: kind === "group" ? { group: name } : { team: world.id("TEAM", name) },
      given: signed("+"),
      taken: signed("-"),
      until: world.end(step.option("until")),
    };
  },
  "create-team": (world, step) => ({ team: team(world, step), name: step.plain[1] }),
  "rename-team": (world, step) => ({ team: team(world, step), name: step.plain[1] }),
  "dissolve-team": (world, step) => ({ team: team(world, step) }),
  "join-team": (world, step) => ({ team: team(world, step), user: world.id("PERSON", step.plain[1]) }),
  "leave-team": (world, step) => ({ team: team(world, step), user: world.id("PERSON", step.plain[1]) }),
  "create-service": (world, step) => ({ ...service(world, step), ...held(world, step), name: step.plain[1], secret: secretOfService(world, step) }),
  "change-service": (world, step) => ({ ...service(world, step), ...held(world, step) }),
  "rotate-secret": (world, step) => ({ ...service(world, step), secret: secretOfService(world, step) }),
  "end-service": service,
  "adopt-service": (world, step) => ({ ...service(world, step), secret: secretOfService(world, step) }),
};
