// A story: everything that a session is made of. It is what is kept, shared as a link and exported; replayed, it makes the same company again.

/**
 * @typedef {import("../package.js").Command} Command
 * @typedef {import("../package.js").ShareCommand} ShareCommand
 * @typedef {import("../package.js").Request} Request
 *
 * @typedef {object} Person somebody with an account
 * @property {string} id
 * @property {string} name
 *
 * @typedef {object} Thing a resource of the application, which can be shared
 * @property {string} id
 * @property {string} name
 * @property {string | null} workspace
 * @property {string | null} owner whose personal one it is
 *
 * @typedef {object} Given what an actor has shown
 * @property {boolean} [fresh] authenticated just now
 * @property {boolean} [factor] with a second factor
 * @property {string} [provider] through this identity provider
 *
 * @typedef {{ kind: "command", by: string, command: Command, given?: Given }} CommandAttempt
 * @typedef {{ kind: "share", by: string, on: string, command: ShareCommand, given?: Given }} ShareAttempt
 * @typedef {{ kind: "order", by: string, key: string, request: Request, given?: Given }} OrderAttempt
 * @typedef {{ kind: "wait", span_ms: number }} Wait
 * @typedef {CommandAttempt | ShareAttempt | OrderAttempt} Deed
 * @typedef {Deed | Wait} Attempt something that somebody tried, whether or not it was accepted; `by` is a user or `system`
 *
 * @typedef {object} Story
 * @property {1} format
 * @property {string} catalog the text that is in force
 * @property {Person[]} people
 * @property {Thing[]} resources
 * @property {Attempt[]} attempts
 * @property {number} made how many ids have been given out
 */

/** The most that is read: a link or file from somebody else may be anything. */
const ATTEMPTS_MAX = 5_000;
const NAMES_MAX = 1_000;
const TEXT_MAX = 512 * 1024;
/** A hundred years, in ms. */
const SPAN_MAX = 3_155_760_000_000;

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What was kept or handed over is no story. The message says where. */
export class NoStory extends Error {}

/**
 * Reads a story from data of anybody's. What the attempts ask for is left to the package to judge.
 * @param {unknown} value
 * @returns {Story}
 */
export function readStory(value) {
  const story = table(value, "the story");
  if (story.format !== 1) throw new NoStory("it is of another format");
  const attempts = list(story.attempts, "attempts", ATTEMPTS_MAX);
  return {
    format: 1,
    catalog: text(story.catalog, "catalog", TEXT_MAX),
    people: list(story.people, "people", NAMES_MAX).map((each, at) => readPerson(each, `people[${at}]`)),
    resources: list(story.resources, "resources", NAMES_MAX).map((each, at) => readThing(each, `resources[${at}]`)),
    attempts: attempts.map((each, at) => readAttempt(each, `attempts[${at}]`)),
    made: count(story.made, "made", Number.MAX_SAFE_INTEGER / 2),
  };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Person}
 */
function readPerson(value, path) {
  const person = table(value, path);
  return { id: id(person.id, `${path}.id`), name: text(person.name, `${path}.name`, 1_000) };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Thing}
 */
function readThing(value, path) {
  const { workspace, owner, ...thing } = table(value, path);
  return {
    ...readPerson(thing, path),
    workspace: workspace === null ? null : id(workspace, `${path}.workspace`),
    owner: owner === null ? null : id(owner, `${path}.owner`),
  };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Attempt}
 */
function readAttempt(value, path) {
  const attempt = table(value, path);
  if (attempt.kind === "wait") return { kind: "wait", span_ms: count(attempt.span_ms, `${path}.span_ms`, SPAN_MAX) };
  const by = attempt.by === "system" ? "system" : id(attempt.by, `${path}.by`);
  const given = attempt.given === undefined ? {} : { given: readGiven(attempt.given, `${path}.given`) };
  switch (attempt.kind) {
    case "command":
      return { kind: "command", by, command: /** @type {Command} */ (table(attempt.command, `${path}.command`)), ...given };
    case "share":
      return { kind: "share", by, on: id(attempt.on, `${path}.on`), command: /** @type {ShareCommand} */ (table(attempt.command, `${path}.command`)), ...given };
    case "order":
      return { kind: "order", by, key: id(attempt.key, `${path}.key`), request: /** @type {Request} */ (table(attempt.request, `${path}.request`)), ...given };
    default:
      throw new NoStory(`${path}.kind means nothing`);
  }
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Given}
 */
function readGiven(value, path) {
  const { fresh, factor, provider } = table(value, path);
  return {
    ...(fresh === true ? { fresh } : {}),
    ...(factor === true ? { factor } : {}),
    ...(typeof provider === "string" ? { provider } : {}),
  };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {Record<string, unknown>}
 */
function table(value, path) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NoStory(`${path} is no table`);
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} most
 * @returns {unknown[]}
 */
function list(value, path, most) {
  if (!Array.isArray(value)) throw new NoStory(`${path} is no list`);
  if (value.length > most) throw new NoStory(`${path} has more than ${most} entries`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} most
 */
function text(value, path, most) {
  if (typeof value !== "string") throw new NoStory(`${path} is no text`);
  if (value.length > most) throw new NoStory(`${path} is longer than ${most}`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 */
function id(value, path) {
  if (typeof value !== "string" || !ID.test(value)) throw new NoStory(`${path} is no id`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {number} most
 */
function count(value, path, most) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most) throw new NoStory(`${path} is no number that it can be`);
  return value;
}
