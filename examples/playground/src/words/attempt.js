// Attempts in words: who tried what.

import { actorWords } from "../session/names.js";
import { commandWords } from "./command.js";
import { spaced } from "./list.js";
import { span } from "./time.js";

/**
 * @typedef {import("../session/story.js").Attempt} Attempt
 * @typedef {import("./command.js").Names} Names
 */

/**
 * Who, and what: `Adam: suspend Dave`.
 * @param {Attempt} attempt
 * @param {Names} names
 */
export function attemptWords(attempt, names) {
  return attempt.kind === "wait" ? deedWords(attempt, names) : `${actorWords(attempt.by, names)}: ${deedWords(attempt, names)}`;
}

/**
 * What alone. A story of somebody else's may ask for things that no command is; then it is told by its name.
 * @param {Attempt} attempt
 * @param {Names} names
 */
export function deedWords(attempt, names) {
  if (attempt.kind === "wait") return `${span(attempt.span_ms)} go by`;
  const asked = attempt.kind === "order" ? attempt.request : attempt.command;
  try {
    const words = commandWords(asked, names);
    return attempt.kind === "share" ? `${words} (${names.resource(attempt.on)})` : words;
  } catch {
    return spaced(Object.keys(asked)[0] ?? "nothing");
  }
}
