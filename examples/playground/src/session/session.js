// A session: a story, the company that it makes, and the moment of it that is looked at.

import { idOf } from "./ids.js";
import { Moment } from "./moment.js";
import { readCatalog } from "./catalogs.js";
import { NoStory } from "./story.js";

/**
 * @typedef {import("./catalogs.js").ReadCatalog} ReadCatalog
 * @typedef {import("./ids.js").IdKind} IdKind
 * @typedef {import("./moment.js").Outcome} Outcome
 * @typedef {import("./story.js").Attempt} Attempt
 * @typedef {import("./story.js").Story} Story
 */

export class Session {
  /** @type {Set<(refused: boolean) => void>} */
  #listeners = new Set();
  /** @type {{ at: number, moment: Moment } | null} */
  #past = null;
  /** @type {Story} */
  story;
  /** @type {ReadCatalog} */
  #inForce;
  /** @type {Moment} */
  #present;

  /**
   * @param {Story} story
   * @throws {NoStory} its catalog cannot be read
   */
  constructor(story) {
    const { read, mistakes } = readCatalog(story.catalog);
    if (read === null) throw new NoStory(`its catalog has mistakes: ${mistakes[0]?.text ?? ""}`);
    this.story = story;
    this.#inForce = read;
    this.#present = this.#replay(story.attempts.length);
  }

  /** The moment that is looked at. */
  get shown() {
    return this.#past?.moment ?? this.#present;
  }

  /** How many attempts lie before the moment that is looked at, while that is not the present. */
  get past() {
    return this.#past?.at ?? null;
  }

  /** The catalog in force. */
  get inForce() {
    return this.#inForce;
  }

  /** What came of every attempt, those after the moment that is looked at included. */
  get outcomes() {
    return this.#present.outcomes;
  }

  /** @param {(refused: boolean) => void} listener told after everything that happened, and whether it was a refusal, after which all stands as before */
  subscribe(listener) {
    this.#listeners.add(listener);
  }

  /** @param {IdKind} kind */
  newId(kind) {
    this.story.made += 1;
    return idOf(kind, this.story.made);
  }

  /**
   * Somebody more with an account.
   * @param {string} name
   */
  addPerson(name) {
    const person = { id: this.newId("user"), name };
    this.story.people.push(person);
    return person;
  }

  /**
   * Something more in the application.
   * @param {string} name
   * @param {string | null} workspace
   * @param {string | null} owner
   */
  addThing(name, workspace, owner) {
    const thing = { id: this.newId("resource"), name, workspace, owner };
    this.story.resources.push(thing);
    this.#changed();
    return thing;
  }

  /**
   * Tries something now. Whoever looks at the past comes back to the present first.
   * @param {Attempt} attempt
   * @returns {Outcome}
   */
  attempt(attempt) {
    const wasPast = this.#past !== null;
    this.#leavePast();
    this.story.attempts.push(attempt);
    const outcome = this.#present.carryOut(attempt);
    this.#changed(outcome.refusal !== null && !wasPast);
    return outcome;
  }

  /**
   * Looks at the moment after so many attempts.
   * @param {number} at
   */
  goTo(at) {
    this.#leavePast();
    if (at < this.story.attempts.length) this.#past = { at, moment: this.#replay(at) };
    this.#changed();
  }

  /** Looks at the present again. */
  comeBack() {
    this.#leavePast();
    this.#changed();
  }

  /** Makes the moment that is looked at the present: what came later is forgotten. */
  goOnFromHere() {
    if (this.#past === null) return;
    this.story.attempts.length = this.#past.at;
    this.#present.free();
    this.#present = this.#past.moment;
    this.#past = null;
    this.#changed();
  }

  /**
   * Puts another catalog in force: everything is tried again under it.
   * @param {ReadCatalog} read
   */
  putInForce(read) {
    this.#leavePast();
    this.story.catalog = read.text;
    this.#inForce.catalog.free();
    this.#inForce = read;
    this.#present.free();
    this.#present = this.#replay(this.story.attempts.length);
    this.#changed();
  }

  #leavePast() {
    this.#past?.moment.free();
    this.#past = null;
  }

  /** @param {number} count */
  #replay(count) {
    const moment = new Moment(this.#inForce.catalog, this.#inForce.description, this.story.resources);
    for (const attempt of this.story.attempts.slice(0, count)) moment.carryOut(attempt);
    return moment;
  }

  #changed(refused = false) {
    for (const listener of this.#listeners) listener(refused);
  }
}
