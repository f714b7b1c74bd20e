// A moment: a company as it stands after some attempts, with what came of each of them.

import { Tenants, failureOf } from "../package.js";
import { ORGANIZATION } from "./ids.js";

/**
 * @typedef {import("../package.js").Catalog} Catalog
 * @typedef {import("../package.js").CatalogDescription} CatalogDescription
 * @typedef {import("../package.js").Actor} Actor
 * @typedef {import("../package.js").Effect} Effect
 * @typedef {import("../package.js").Facts} Facts
 * @typedef {import("../package.js").Failure} Failure
 * @typedef {import("../package.js").Lot} Lot
 * @typedef {import("../package.js").Balance} Balance
 * @typedef {import("../package.js").Receipt} Receipt
 * @typedef {import("../package.js").Resource} Resource
 * @typedef {import("../package.js").View} View
 * @typedef {import("./story.js").Attempt} Attempt
 * @typedef {import("./story.js").Deed} Deed
 * @typedef {import("./story.js").Given} Given
 * @typedef {import("./story.js").Thing} Thing
 *
 * @typedef {object} Outcome what came of an attempt
 * @property {number} at when it was made
 * @property {Failure | null} refusal
 * @property {number | null} version of the organization, where it made one
 * @property {readonly Effect[]} effects what there is for an application to do
 * @property {Receipt | null} receipt of an order
 * @property {readonly Lot[] | null} lots after it, where credits moved or time went by
 */

/** When every session begins: 1 December 2026, nine o'clock, UTC. */
export const BEGIN = Date.UTC(2026, 11, 1, 9);

export class Moment {
  /**
   * @param {Catalog} catalog
   * @param {CatalogDescription} description of it
   * @param {readonly Thing[]} things
   */
  constructor(catalog, description, things) {
    this.catalog = catalog;
    this.description = description;
    this.things = things;
    this.tenants = Tenants.inMemory(catalog);
    this.now = BEGIN;
    /** Whether anybody has made the organization; before that there is nothing to ask its ledger. */
    this.isMade = false;
    /** @type {Outcome[]} */
    this.outcomes = [];
    /** @type {View | null | undefined} `undefined` until somebody looks */
    this.seen = undefined;
  }

  /** How the organization stands; `null` while nobody has made it. */
  view() {
    if (this.seen === undefined) this.seen = this.tenants.view(ORGANIZATION, this.now);
    return this.seen;
  }

  /**
   * Tries something, and keeps what came of it.
   * @param {Attempt} attempt
   * @returns {Outcome}
   */
  carryOut(attempt) {
    const outcome = attempt.kind === "wait" ? this.#wait(attempt.span_ms) : this.#try(attempt);
    this.seen = undefined;
    this.outcomes.push(outcome);
    return outcome;
  }

  /**
   * @param {number} span_ms
   * @returns {Outcome}
   */
  #wait(span_ms) {
    this.now += span_ms;
    return { ...nothing(this.now), lots: this.lots() };
  }

  /**
   * @param {Deed} deed
   * @returns {Outcome}
   */
  #try(deed) {
    try {
      return { ...nothing(this.now), ...this.#done(deed) };
    } catch (thrown) {
      return { ...nothing(this.now), refusal: failureOf(thrown) };
    }
  }

  /**
   * @param {Deed} deed
   * @returns {Partial<Outcome>}
   */
  #done(deed) {
    const facts = this.facts(deed.given);
    const actor = actorOf(deed.by);
    switch (deed.kind) {
      case "command": {
        const { version, effects } = this.tenants.command(ORGANIZATION, deed.command, { ...facts, actor });
        this.isMade = true;
        return { version, effects, lots: this.lots() };
      }
      case "share":
        this.tenants.share(ORGANIZATION, this.resource(deed.on), deed.command, { ...facts, actor });
        return {};
      case "order":
        return { receipt: this.#order(deed), lots: this.lots() };
    }
  }

  /**
   * A charge or hold of somebody is judged in their place; everything else goes through the platform's door.
   * @param {import("./story.js").OrderAttempt} deed
   */
  #order({ by, key, request, given }) {
    const issue = { key, at: this.now };
    const context = { ...this.facts(given), actor: actorOf(by) };
    if (by !== "system" && request.charge) {
      const { spender, ...charge } = request.charge;
      return this.tenants.charge(ORGANIZATION, issue, workOf(spender), charge, context);
    }
    if (by !== "system" && request.hold) {
      const { spender, ...hold } = request.hold;
      return this.tenants.hold(ORGANIZATION, issue, workOf(spender), hold, context);
    }
    return this.tenants.order(ORGANIZATION, { key, issued: this.now, request }, actorOf(by), this.now);
  }

  /** The lots of the company's credits, in the order in which they are used up. */
  lots() {
    return !this.isMade ? [] : this.tenants.ask(ORGANIZATION, "lots", this.now);
  }

  /**
   * What is known of the moment, with what somebody has shown.
   * @param {Given} [given]
   * @returns {Facts}
   */
  facts(given = {}) {
    return {
      now: this.now,
      authenticated_at: given.fresh ? this.now : null,
      second_factor: given.factor ?? false,
      provider: given.provider ?? null,
    };
  }

  /**
   * A thing of the application as the package takes it.
   * @param {string} id
   * @returns {Resource}
   */
  resource(id) {
    const thing = this.things.find((each) => each.id === id);
    return { id, workspace: thing?.workspace ?? null, owner: thing?.owner ?? null };
  }

  /** Gives the memory back. */
  free() {
    this.tenants.free();
  }
}

/**
 * @param {number} at
 * @returns {Outcome}
 */
function nothing(at) {
  return { at, refusal: null, version: null, effects: [], receipt: null, lots: null };
}

/**
 * Where somebody works, out of what they spend on. An order of somebody else's story may say nothing of it.
 * @param {import("../package.js").Spender | undefined} spender
 */
function workOf(spender) {
  return { workspace: spender?.scope?.workspace ?? null };
}

/**
 * Who acts, as the package takes it.
 * @param {string} by
 * @returns {Actor}
 */
export function actorOf(by) {
  return by === "system" ? "system" : { user: by };
}
