// Catalogs.
import { RawCatalog } from "./raw.js";
import { through, wrong } from "./door.js";
import { read, text, write } from "./value.js";

const MADE_HERE = Symbol("made here");
/** Of a catalog, what is behind it. */
export let rawOf;
/** A catalog of what is behind it. */
export let catalogOf;

export class Catalog {
  #raw;
  #permissions;
  #positions;
  #name;

  constructor(made, raw) {
    if (made !== MADE_HERE) throw wrong("BAD_VALUE", "a catalog is made by `Catalog.parse` or `Catalog.preset`");
    this.#raw = raw;
    this.#name = raw.name();
    this.#permissions = Object.freeze(raw.permissions());
    this.#positions = new Map(this.#permissions.map((key, at) => [key, at]));
  }

  static {
    rawOf = (catalog) => {
      if (typeof catalog !== "object" || catalog === null || !(#raw in catalog)) throw wrong("WRONG_KIND", "this is no catalog");
      return catalog.#open();
    };
    catalogOf = (raw) => new Catalog(MADE_HERE, raw);
  }

  static presets() {
    return through(() => RawCatalog.presets());
  }

  static presetText(name) {
    text(name, "the name of a preset");
    return through(() => RawCatalog.preset_text(name));
  }

  static preset(name) {
    return Catalog.parse(Catalog.presetText(name));
  }

  static parse(from) {
    text(from, "a catalog");
    return through(() => catalogOf(RawCatalog.parse(from)));
  }

  get name() {
    return this.#name;
  }

  get permissions() {
    return this.#permissions;
  }

  permission(key) {
    const known = this.#positions.get(key);
    if (known !== undefined) return known;
    text(key, "a permission");
    const raw = this.#open();
    return through(() => raw.permission(key));
  }

  role(key) {
    text(key, "a role");
    const raw = this.#open();
    return this.keysOf(through(() => raw.role(key)));
  }

  describe() {
    const raw = this.#open();
    return read(through(() => raw.describe()));
  }

  lint() {
    const raw = this.#open();
    return read(through(() => raw.lint()));
  }

  toText() {
    const raw = this.#open();
    return through(() => raw.text());
  }

  /** The keys of bits. */
  keysOf(bits) {
    return this.#permissions.filter((_, at) => hasBit(bits, at));
  }

  free() {
    const raw = this.#open();
    through(() => raw.free());
    this.#raw = null;
  }

  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    if (this.#raw !== null) this.free();
  }

  #open() {
    if (this.#raw === null) throw wrong("NO_HANDLE", "the catalog was freed");
    return this.#raw;
  }
}

/** Whether the bit of a position is there. */
export const hasBit = (bits, at) => ((bits[at >>> 5] >>> (at & 31)) & 1) === 1;

/** A permission as its position. */
export function position(catalog, permission) {
  if (typeof permission !== "number") return catalog.permission(permission);
  if (!Number.isInteger(permission) || permission < 0 || permission > 0xffff) throw wrong("BAD_VALUE", "the position of a permission is a whole number");
  return permission;
}

/** A list of permissions as JSON. */
export function listed(permissions) {
  if (permissions === null || typeof permissions !== "object" || typeof permissions[Symbol.iterator] !== "function")
    throw wrong("BAD_VALUE", "permissions are a list");
  return write([...permissions], undefined, "a list of permissions");
}
