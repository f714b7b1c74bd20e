// The door of every function: nothing comes back in from a store, what is thrown goes out as a BailiwickError, and a module that broke stays shut.

/** What this side says by itself; the rest is said by the module. Numbers and names are those of `codes()`. */
const OWN = {
  NULL: [900, "null"],
  BAD_LENGTH: [901, "bad_length"],
  BAD_UTF8: [902, "bad_utf8"],
  NO_HANDLE: [903, "no_handle"],
  WRONG_KIND: [904, "wrong_kind"],
  BAD_ID: [905, "bad_id"],
  BAD_VALUE: [906, "bad_value"],
  REENTERED: [911, "reentered"],
  PANICKED: [913, "panicked"],
};

/** Why something was not done. */
export class BailiwickError extends Error {
  constructor({ number, code, text, facts }, options) {
    super(text, options);
    Object.assign(this, { number, code, text, facts });
  }

  get name() {
    return "BailiwickError";
  }

  toJSON() {
    const { number, code, text, facts } = this;
    return { number, code, text, facts };
  }
}

/** A failure of this side: `wrong("BAD_VALUE", "a time is …")`. */
export function wrong(what, text, options) {
  const [number, code] = OWN[what];
  return new BailiwickError({ number, code, text, facts: {} }, options);
}

let loaded = false;
let broken = null;
let inside = 0;

/** The module is there. */
export function open() {
  loaded = true;
}

/** Whether a call may go in: nothing but this is asked where a check is made of numbers. */
export function isOpen() {
  return loaded && broken === null && inside === 0;
}

/** Throws what keeps a call from going in. */
export function enter() {
  if (isOpen()) return;
  if (!loaded) throw wrong("NULL", "the module is not loaded: wait for `init` first");
  if (broken !== null) throw wrong("PANICKED", "the module broke before, and can only be loaded anew", { cause: broken });
  throw wrong("REENTERED", "called from inside of a store");
}

/** Carries out a call. */
export function through(call) {
  enter();
  try {
    return call();
  } catch (why) {
    throw errorOf(why);
  }
}

/** Calls a store of the caller's, and lets nothing in meanwhile. */
export function outside(call) {
  inside += 1;
  try {
    return call();
  } finally {
    inside -= 1;
  }
}

/** What goes out. The module throws the JSON of a failure; whatever else comes out of it has left it broken. */
export function errorOf(why) {
  if (typeof why === "string") return new BailiwickError(JSON.parse(why));
  if (why instanceof BailiwickError) return why;
  broken = why;
  return wrong("PANICKED", `the module broke: ${why}`, { cause: why });
}
