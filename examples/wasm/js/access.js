// Accesses: what one actor may do at one target, resolved.
import { through, wrong } from "./door.js";
import { hasBit, listed, position } from "./catalog.js";
import { is32, read } from "./value.js";
import { decisionOf } from "./decision.js";

const MADE_HERE = Symbol("made here");
export let accessOf;

export class Access {
  #raw;
  #catalog;
  #bits;
  #version;

  constructor(made, raw, catalog) {
    if (made !== MADE_HERE) throw wrong("BAD_VALUE", "an access is made by `tenants.access`");
    this.#raw = raw;
    this.#catalog = catalog;
    this.#bits = raw.allowed();
    this.#version = read(raw.version());
  }

  static {
    accessOf = (raw, catalog) => new Access(MADE_HERE, raw, catalog);
  }

  allows(permission) {
    // Beyond 255, and of whatever is no position, there is no bit.
    return is32(permission) && hasBit(this.#bits, permission);
  }

  check(permission) {
    const at = position(this.#catalog, permission);
    const raw = this.#open();
    return decisionOf(read(through(() => raw.check(at))));
  }

  allowed() {
    return this.#catalog.keysOf(this.#bits);
  }

  restrict(to) {
    const list = listed(to);
    const raw = this.#open();
    return through(() => accessOf(raw.restrict(list), this.#catalog));
  }

  get version() {
    return this.#version;
  }

  free() {
    const raw = this.#open();
    through(() => raw.free());
    this.#raw = null;
    this.#bits = new Uint32Array(8);
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    if (this.#raw !== null) this.free();
  }

  #open() {
    if (this.#raw === null) throw wrong("NO_HANDLE", "the access was freed");
    return this.#raw;
  }
}
