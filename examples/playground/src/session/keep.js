// Keeping: a story in the browser's storage, in a link, in a file. What comes back from any of them may be anything.

import { NoStory, readStory } from "./story.js";

/** @typedef {import("./story.js").Story} Story */

const KEPT = "bailiwick.story";
/** Bytes that a link may unfold to. */
const LINK_BYTES_MAX = 4 << 20;

/**
 * Keeps a story in this browser. Where there is no room, or none is allowed, it is not kept.
 * @param {Story} story
 * @returns {boolean} whether it is kept
 */
export function keep(story) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(story));
    return true;
  } catch {
    return false;
  }
}

/**
 * The story that is kept here; `null` where there is none.
 * @returns {Story | null}
 * @throws {NoStory}
 */
export function kept() {
  let text;
  try {
    text = localStorage.getItem(KEPT);
  } catch {
    return null;
  }
  return text === null ? null : parseStory(text);
}

/**
 * A session as JSON for people to keep. Amounts beyond what a number holds are written as texts.
 * @param {{ story: Story, events: unknown }} session
 */
export function keepable(session) {
  return `${JSON.stringify(session, (_, value) => (typeof value === "bigint" ? String(value) : value), 2)}\n`;
}

/**
 * Reads a story from JSON: by itself, or out of a session that was exported.
 * @param {string} text
 * @throws {NoStory}
 */
export function parseStory(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoStory("it is no JSON");
  }
  return readStory(value?.story ?? value);
}

/**
 * A story as a part of a link.
 * @param {Story} story
 */
export async function packed(story) {
  const stream = new Blob([JSON.stringify(story)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The story in a part of a link.
 * @param {string} part
 * @throws {NoStory}
 */
export async function unpacked(part) {
  let text;
  try {
    const letters = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    text = await inflated(bytes);
  } catch (thrown) {
    throw thrown instanceof NoStory ? thrown : new NoStory("the link was cut or changed");
  }
  return parseStory(text);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function inflated(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const chunks = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Blob(chunks).text();
    size += value.byteLength;
    if (size > LINK_BYTES_MAX) throw new NoStory("it is too large");
    chunks.push(value);
  }
}
