// Shares and resources: those that a table hands in with each question, and those that the store keeps.
import { proof } from "./steps.js";
import { TableError } from "./words.js";
import { secretOf } from "./world.js";

export const SHARE_VERBS = ["open", "change-share", "close", "close-all", "follow", "claim", "hand-over"];

export function keepResource(world, step) {
  const [word] = step.plain;
  const [place, owner] = [step.option("in"), step.option("owner")];
  world.resources.set(word, {
    id: world.id("RESOURCE", word),
    containers: step.list("inside").map((name) => world.id("RESOURCE", name)),
    workspace: place && world.workspace(place),
    owner: owner && world.id("PERSON", owner),
  });
}

/** A share that the table hands in with each question. */
export function keepShare(world, step) {
  world.shares.push({
    on: world.id("RESOURCE", step.plain[0]),
    to: holder(world, step.option("to") ?? ""),
    level: step.list("level"),
    until: world.end(step.option("until")),
  });
}

const KINDS = { user: "PERSON", team: "TEAM", link: "LINK", organization: "ORGANIZATION" };

function holder(world, to) {
  const [kind, name] = to.split(/:(.*)/s);
  if (to === "members") return to;
  if (kind === "group" || kind === "address") return { [kind]: name };
  if (KINDS[kind] === undefined) throw new TableError(`nothing is shared to \`${to}\``);
  return { [kind]: world.id(KINDS[kind], name) };
}

const onResource = (world, place) => world.resources.get(place) ?? { id: world.id("RESOURCE", place) };

function share(world, step, place, command) {
  if (world.organization === null) throw new TableError("no organization yet");
  world.tenants.share(world.id("ORGANIZATION", world.organization), onResource(world, place), command, world.context(step));
}

export function aboutShares(world, step) {
  const [first, second, third] = step.plain;
  const level = { level: step.list("level"), until: world.end(step.option("until")) };
  const place = world.opened.get(first) ?? "nowhere";
  const id = world.id("SHARE", first);
  switch (step.verb) {
    case "open": {
      if (!world.opened.has(first)) world.opened.set(first, second);
      const to = step.option("to") ?? "";
      const link = () => ({ link: { link: world.id("LINK", first), secret: secretOf(first, 0), uses: step.option("uses") && Number(step.option("uses")) } });
      return share(world, step, second, { give_share: { share: id, to: to === "link" || to === "" ? link() : holder(world, to), ...level } });
    }
    case "change-share":
      return share(world, step, place, { change_share: { share: id, ...level } });
    case "close":
      return share(world, step, place, { revoke_share: { share: id } });
    case "close-all":
      return share(world, step, first, { clear_shares: {} });
    case "hand-over":
      return share(world, step, first, { hand_over_shares: { from: world.id("PERSON", second), to: world.id("PERSON", third) } });
    case "claim":
      return void world.tenants.claimShares(proof(step), world.context(step));
    default: {
      const found = world.tenants.followLink(secretOf(step.option("secret") ?? first, 0), world.facts(step.given));
      if (found.link !== world.id("LINK", first)) throw new TableError("the link leads elsewhere");
    }
  }
}
