// Telling how a company came to be: the attempts of a session, written down in the order in which people made them.

import { idOf, secretOf } from "../session/ids.js";
import { BEGIN } from "../session/moment.js";

/**
 * @typedef {import("../session/story.js").Story} Story
 * @typedef {import("../session/story.js").Attempt} Attempt
 * @typedef {import("../session/story.js").Given} Given
 * @typedef {import("../session/ids.js").IdKind} IdKind
 * @typedef {import("../package.js").Command} Command
 * @typedef {import("../package.js").Override} Override
 * @typedef {import("../package.js").Recipient} Recipient
 * @typedef {import("../package.js").Request} Request
 */

/** Who acts for the platform. */
export const PLATFORM = "system";

export class Teller {
  /** @type {Story["people"]} */
  #people = [];
  /** @type {Story["resources"]} */
  #resources = [];
  /** @type {Attempt[]} */
  #attempts = [];
  /** How many ids have been given out. */
  #made = 0;
  #now = BEGIN;

  /** @param {IdKind} kind */
  id(kind) {
    this.#made += 1;
    return idOf(kind, this.#made);
  }

  /**
   * Somebody with an account, who may belong to the company or not.
   * @param {string} name
   */
  person(name) {
    const id = this.id("user");
    this.#people.push({ id, name });
    return id;
  }

  /**
   * Something of the application that can be shared.
   * @param {string} name
   * @param {{ workspace?: string, owner?: string }} [where]
   */
  resource(name, where = {}) {
    const id = this.id("resource");
    this.#resources.push({ id, name, workspace: where.workspace ?? null, owner: where.owner ?? null });
    return id;
  }

  /**
   * Somebody asks for something.
   * @param {string} by
   * @param {Command} command
   * @param {Given} [given]
   */
  does(by, command, given) {
    this.#attempts.push(given === undefined ? { kind: "command", by, command } : { kind: "command", by, command, given });
  }

  /**
   * @param {string} by
   * @param {string} name
   * @param {string} plan
   * @param {number} seats
   * @param {string} first the name of the first workspace, where the catalog makes one
   */
  creates(by, name, plan, seats, first) {
    const workspace = this.id("workspace");
    this.does(by, { create_organization: { name, plan, seats, owned: 0, workspace } });
    if (first !== "") this.does(by, { rename_workspace: { workspace, name: first } });
    return workspace;
  }

  /**
   * @param {string} by
   * @param {string} name
   */
  workspace(by, name) {
    const workspace = this.id("workspace");
    this.does(by, { create_workspace: { workspace, name } });
    return workspace;
  }

  /**
   * An invitation that is accepted at once.
   * @param {string} by
   * @param {string} user
   * @param {string[]} roles
   * @param {[string, Override][]} [access]
   */
  brings(by, user, roles, access = []) {
    const invitation = this.invites(by, user, roles, access);
    this.does(user, { accept: { invitation, secret: this.secret(), address: { verified: addressOf(this.#nameOf(user)) } } });
  }

  /**
   * @param {string} by
   * @param {string} user
   * @param {string[]} roles
   * @param {[string, Override][]} [access]
   */
  invites(by, user, roles, access = []) {
    const invitation = this.id("invitation");
    this.does(by, { invite: { invitation, address: addressOf(this.#nameOf(user)), roles, access, secret: this.secret() } });
    return invitation;
  }

  /**
   * @param {string} by
   * @param {string} on a resource
   * @param {Recipient} to
   * @param {string[]} level
   */
  shares(by, on, to, level) {
    this.#attempts.push({ kind: "share", by, on, command: { give_share: { share: this.id("share"), to, level } } });
  }

  /**
   * @param {string} by
   * @param {Request} request
   */
  orders(by, request) {
    this.#attempts.push({ kind: "order", by, key: this.id("key"), request });
  }

  /** @param {number} span_ms */
  waits(span_ms) {
    this.#now += span_ms;
    this.#attempts.push({ kind: "wait", span_ms });
  }

  /**
   * An instant, from now on.
   * @param {number} span_ms
   */
  at(span_ms) {
    return this.#now + span_ms;
  }

  /** The hash of a secret, of its own. */
  secret() {
    return secretOf(this.#made);
  }

  /**
   * @param {string} user who works
   * @param {string | null} workspace
   * @param {number} amount
   * @returns {Request}
   */
  charge(user, workspace, amount) {
    return { charge: { hold: this.id("hold"), spender: spenderOf(user, workspace), amount } };
  }

  /**
   * Somebody spends credits at once.
   * @param {string} user
   * @param {string} workspace
   * @param {number} amount
   */
  spends(user, workspace, amount) {
    this.orders(user, this.charge(user, workspace, amount));
  }

  /**
   * Somebody promises credits to work whose cost is known afterwards.
   * @param {string} user
   * @param {string} workspace
   * @param {number} amount
   * @param {number} until
   */
  holds(user, workspace, amount, until) {
    this.orders(user, { hold: { hold: this.id("hold"), spender: spenderOf(user, workspace), amount, until } });
  }

  /**
   * All of it.
   * @param {string} catalog the text that is in force
   * @returns {Story}
   */
  told(catalog) {
    return { format: 1, catalog, people: this.#people, resources: this.#resources, attempts: this.#attempts, made: this.#made };
  }

  /** @param {string} user */
  #nameOf(user) {
    return this.#people.find((person) => person.id === user)?.name ?? "";
  }
}

/**
 * @param {string} user
 * @param {string | null} workspace
 */
function spenderOf(user, workspace) {
  return { scope: workspace === null ? { user } : { user, workspace } };
}

/**
 * The address of somebody, made from the name.
 * @param {string} name
 */
export function addressOf(name) {
  const word = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".").replaceAll(/^\.+|\.+$/g, "").slice(0, 40);
  return `${word === "" ? "someone" : word}@example.com`;
}
