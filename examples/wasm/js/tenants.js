// Tenants: every organization of a process, over a store.
import { RawTenants } from "./raw.js";
import { enter, errorOf, isOpen, through, wrong } from "./door.js";
import { accessOf } from "./access.js";
import { catalogOf, position, rawOf } from "./catalog.js";
import { ALLOWED, decisionOf, isPlain } from "./decision.js";
import { Caller } from "./store.js";
import { AS_ID, id, is32, read, small, table, text, time, write } from "./value.js";

export const ActorKind = Object.freeze({ USER: 1, STAFF: 2, SERVICE: 3, LINK: 4, PROVISIONER: 5, SYSTEM: 6 });
export const QUESTION_WIDTH = 5;

const MADE_HERE = Symbol("made here");
const BAD_VALUE = 906;
const REENTERED = 911;

export class Tenants {
  #raw;
  #catalog;
  /** Answers that are the same each time, by their numbers. */
  #plain = new Map([[0, ALLOWED]]);

  constructor(made, raw) {
    if (made !== MADE_HERE) throw wrong("BAD_VALUE", "tenants are made by `Tenants.inMemory` or `Tenants.over`");
    this.#raw = raw;
    this.#catalog = catalogOf(raw.catalog());
  }

  static inMemory(catalog, keeping = {}) {
    const [of, kept] = [rawOf(catalog), write(keeping, undefined, "keeping")];
    return through(() => new Tenants(MADE_HERE, RawTenants.in_memory(of, kept)));
  }

  static over(catalog, store, keeping = {}) {
    const [of, caller, kept] = [rawOf(catalog), new Caller(store), write(keeping, undefined, "keeping")];
    return through(() => new Tenants(MADE_HERE, RawTenants.over(of, caller, kept)));
  }

  get catalog() {
    return this.#catalog;
  }

  // -- Questions

  check(question) {
    const number = this.#shortly(table(question, "a question"));
    if (number === null) return this.#check(question);
    const known = this.#plain.get(number);
    if (known !== undefined) return known;
    const decision = this.#check(question);
    if (decision.number !== number) throw wrong("PANICKED", `one question was answered with ${number} and ${decision.number}`);
    return decision;
  }

  explain(question) {
    const why = read(this.#ask("explain", ...this.#question(question)));
    return { ...why, decision: decisionOf(why.decision) };
  }

  explainText(question, names = {}) {
    return this.#ask("explain_text", ...this.#question(question), write(names, undefined, "names"));
  }

  nearest(question) {
    return read(this.#ask("nearest", ...this.#question(question)));
  }

  access(question) {
    // A question about one permission is one about all of them.
    const { organization, actor, target, permission: _, ...facts } = table(question, "a question");
    const parts = [id(organization, "an organization"), said(actor, "an actor"), targetOf(target), factsOf(facts)];
    const raw = this.#open();
    return through(() => accessOf(raw.access(...parts), this.#catalog));
  }

  ref(of) {
    return this.#ask("ref", id(of));
  }

  staffRef(staff, onBehalfOf) {
    return this.#ask("staff_ref", id(staff), id(onBehalfOf));
  }

  checkRef(organization, actorKind, actor, permission, workspace, now) {
    if (this.#raw === null || !isOpen()) return this.#shut();
    const areNumbers = is32(organization) && is32(actorKind) && is32(actor) && is32(permission) && is32(workspace) && typeof now === "number";
    if (!areNumbers) return BAD_VALUE;
    try {
      return this.#raw.check_ref(organization, actorKind, actor, permission, workspace, now);
    } catch (why) {
      throw errorOf(why);
    }
  }

  checkEach(questions, facts, answers = undefined) {
    if (!(questions instanceof Uint32Array)) throw wrong("BAD_VALUE", "questions are a Uint32Array");
    if (questions.length % QUESTION_WIDTH !== 0) throw wrong("BAD_LENGTH", `${QUESTION_WIDTH} numbers for each question`);
    const into = answers ?? new Uint16Array(questions.length / QUESTION_WIDTH);
    if (!(into instanceof Uint16Array)) throw wrong("BAD_VALUE", "answers are a Uint16Array");
    this.#ask("check_each", questions, factsOf(table(facts, "facts")), into);
    return into;
  }

  // -- Organizations

  command(organization, command, by) {
    return read(this.#ask("command", id(organization, "an organization"), write(command, undefined, "a command"), contextOf(by)));
  }

  preview(organization, command, by) {
    return read(this.#ask("preview", id(organization, "an organization"), write(command, undefined, "a command"), contextOf(by)));
  }

  allowedActions(organization, about, by) {
    return read(this.#ask("allowed_actions", id(organization, "an organization"), said(about, "what it is about"), contextOf(by)));
  }

  eraseUser(user, facts) {
    return read(this.#ask("erase_user", id(user, "a user"), factsOf(facts)));
  }

  view(organization, now) {
    return read(this.#ask("view", id(organization, "an organization"), time(now)));
  }

  journal(organization) {
    return read(this.#ask("journal", id(organization, "an organization")));
  }

  lint(organization, now) {
    return read(this.#ask("lint", id(organization, "an organization"), time(now)));
  }

  excess(organization, plan, seats, now) {
    return read(this.#ask("excess", id(organization, "an organization"), text(plan, "a plan"), small(seats, "seats"), time(now)));
  }

  organizationsOf(user, paging = {}) {
    return read(this.#ask("organizations_of", id(user, "a user"), part(paging)));
  }

  belongings(user, facts, paging = {}) {
    return read(this.#ask("belongings", id(user, "a user"), factsOf(facts), part(paging)));
  }

  workspacesOf(organization, actor, facts, paging = {}) {
    return read(this.#ask("workspaces_of", id(organization, "an organization"), said(actor, "an actor"), factsOf(facts), part(paging)));
  }

  peopleWith(organization, permission, place, facts, paging = {}) {
    const [whose, at] = [id(organization, "an organization"), position(this.#catalog, permission)];
    return read(this.#ask("people_with", whose, at, said(place, "a place"), factsOf(facts), part(paging)));
  }

  review(organization, facts, breadth = "everybody") {
    if (breadth !== "everybody" && breadth !== "exceptions") throw wrong("BAD_VALUE", "a review is of everybody or of exceptions");
    return read(this.#ask("review", id(organization, "an organization"), factsOf(facts), breadth === "everybody"));
  }

  compare(catalog, organizations, facts, options = {}) {
    if (!Array.isArray(organizations)) throw wrong("BAD_VALUE", "organizations are a list");
    const parts = [rawOf(catalog), write(organizations, AS_ID, "organizations"), factsOf(facts), write(options, undefined, "options")];
    return read(this.#ask("compare", ...parts));
  }

  // -- Shares

  share(organization, on, command, by) {
    return read(this.#ask("share", id(organization, "an organization"), resourceOf(on), write(command, undefined, "a command"), contextOf(by)));
  }

  previewShare(organization, on, command, by) {
    const parts = [id(organization, "an organization"), resourceOf(on), write(command, undefined, "a command"), contextOf(by)];
    return read(this.#ask("preview_share", ...parts));
  }

  sharesOn(organization, resource) {
    return read(this.#ask("shares_on", id(organization, "an organization"), id(resource, "a resource")));
  }

  sharesOf(organization) {
    return read(this.#ask("shares_of", id(organization, "an organization")));
  }

  followLink(secret, facts) {
    return read(this.#ask("follow_link", bytes(secret), factsOf(facts)));
  }

  claimShares(address, by) {
    return read(this.#ask("claim_shares", write(address, undefined, "an address"), contextOf(by)));
  }

  // -- Accounts

  order(organization, order, by, now) {
    return read(this.#ask("order", id(organization, "an organization"), write(order, undefined, "an order"), said(by, "an actor"), time(now)));
  }

  charge(organization, issue, work, charge, by) {
    return this.#spend(organization, issue, work, "charge", charge, by);
  }

  hold(organization, issue, work, hold, by) {
    return this.#spend(organization, issue, work, "hold", hold, by);
  }

  payer(organization, work, by) {
    return read(this.#ask("spender", id(organization, "an organization"), said(work, "work"), contextOf(by)));
  }

  ask(organization, question, now) {
    return read(this.#ask("ask", id(organization, "an organization"), write(question, undefined, "a question"), time(now)));
  }

  // -- Other processes

  follow() {
    return this.#ask("follow");
  }

  atLeast(organization, version) {
    return read(this.#ask("at_least", id(organization, "an organization"), small(version, "a version")));
  }

  free() {
    this.#ask("free");
    this.#raw = null;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    if (this.#raw !== null) this.free();
  }

  /** The number that answers a question of which nothing is known but the time, about no resource; `null` for any other. */
  #shortly(question) {
    const { organization, actor, permission, target, now } = question;
    for (const key in question) if (!SHORT.has(key) && question[key] !== undefined) return null;
    const place = target === undefined || target === "organization" ? "" : target?.workspace;
    if (place === undefined || (place !== "" && Object.keys(target).length !== 1)) return null;
    const [kind, who, other] = whoIs(actor);
    if (kind === 0) return null;
    const at = position(this.#catalog, permission);
    const where = place === "" ? "" : id(place, "a workspace");
    return this.#ask("check", id(organization, "an organization"), kind, who, other, at, where, time(now));
  }

  #check(question) {
    const decision = decisionOf(read(this.#ask("decide", ...this.#question(question))));
    if (!decision.allowed && isPlain(decision)) this.#plain.set(decision.number, decision);
    return decision;
  }

  /** A question as it crosses. */
  #question(question) {
    const { organization, actor, permission, target, ...facts } = table(question, "a question");
    const whose = id(organization, "an organization");
    return [whose, said(actor, "an actor"), position(this.#catalog, permission), targetOf(target), factsOf(facts)];
  }

  #spend(organization, issue, work, kind, { hold, amount, ...more }, by) {
    const spend = write({ [kind]: { ...more, hold: id(hold, "a hold"), amount } }, undefined, kind);
    return read(this.#ask("spend", id(organization, "an organization"), said(issue, "an issue"), said(work, "work"), spend, contextOf(by)));
  }

  #ask(what, ...parts) {
    const raw = this.#open();
    return through(() => raw[what](...parts));
  }

  #open() {
    if (this.#raw === null) throw wrong("NO_HANDLE", "the tenants were freed");
    return this.#raw;
  }

  /** What keeps a check by numbers from being made: a number where it is one, else an error. */
  #shut() {
    this.#open();
    try {
      enter();
    } catch (why) {
      if (why.number === REENTERED) return REENTERED;
      throw why;
    }
    return BAD_VALUE;
  }
}

const SHORT = new Set(["organization", "actor", "permission", "target", "now"]);

/** The number of the kind of an actor, with the ids that it has; kind 0 for what is better told by the module. */
function whoIs(actor) {
  if (actor === "system") return [ActorKind.SYSTEM, "", ""];
  if (actor === "provisioner") return [ActorKind.PROVISIONER, "", ""];
  if (typeof actor !== "object" || actor === null) return [0, "", ""];
  const keys = Object.keys(actor);
  if (keys.length !== 1) return [0, "", ""];
  switch (keys[0]) {
    case "user":
      return [ActorKind.USER, id(actor.user, "a user"), ""];
    case "service":
      return [ActorKind.SERVICE, id(actor.service, "a service"), ""];
    case "link":
      return [ActorKind.LINK, id(actor.link, "a link"), ""];
    default:
      return [0, "", ""];
  }
}

/** What has ids in it and no amounts. */
const said = (value, what) => write(value, AS_ID, what);
const targetOf = (target) => said(target ?? "organization", "a target");
const resourceOf = (resource) => said(table(resource, "a resource"), "a resource");
const factsOf = (facts) => said(table(facts, "facts"), "facts");
const contextOf = (context) => said(table(context, "a context"), "a context");
const part = (paging) => said(table(paging, "paging"), "paging");

function bytes(secret) {
  if (secret instanceof Uint8Array) return secret;
  if (!Array.isArray(secret) || !secret.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256))
    throw wrong("BAD_VALUE", "the hash of a secret is 32 bytes");
  return Uint8Array.from(secret);
}
