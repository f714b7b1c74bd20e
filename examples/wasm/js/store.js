// Stores of the caller's: what the module asks them, and what they answer, crosses as JSON.
import { outside, wrong } from "./door.js";
import { read, table, write } from "./value.js";

const FUNCTIONS = ["records", "append", "operation", "find", "countUse", "changes", "organizations", "resources", "replace", "erase"];
/** What changes nothing: whatever goes wrong with it, nothing was done. */
const READS = new Set(["records", "operation", "find", "changes", "organizations", "resources"]);

/** What the module calls. */
export class Caller {
  #store;

  constructor(store) {
    table(store, "a store");
    const missing = FUNCTIONS.find((name) => typeof store[name] !== "function");
    if (missing !== undefined) throw wrong("NULL", `the store has no function \`${missing}\``);
    this.#store = store;
  }

  /** Never throws: through the frames of the module nothing would be put right on the way. */
  call(what, asked) {
    try {
      const answer = outside(() => this.#store[what](...read(asked)));
      return `{"ok":${write(answer ?? null, undefined, `what \`${what}\` answers`)}}`;
    } catch (why) {
      return `{"trouble":${trouble(what, why)}}`;
    }
  }
}

/** What became of it, as whoever throws says, or as is safe to believe. */
function trouble(what, why) {
  const said = why?.store;
  const kind = ["retry", "unknown", "fatal"].includes(said) ? said : READS.has(what) ? "fatal" : "unknown";
  let words;
  try {
    words = String(why?.message ?? why);
  } catch {
    words = "an error without words";
  }
  return JSON.stringify({ [kind]: `\`${what}\`: ${words.slice(0, 1000).toWellFormed()}` });
}
