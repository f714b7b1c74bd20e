// Ledgers by themselves.
import { RawBooks } from "./raw.js";
import { through, wrong } from "./door.js";
import { AS_ID, id, read, time, write } from "./value.js";

export class Books {
  #raw;

  constructor(organization, settings = {}) {
    const whose = id(organization, "an organization");
    const how = write(settings, undefined, "the settings");
    this.#raw = through(() => new RawBooks(whose, how));
  }

  order(order, by, now) {
    const [asked, actor] = [write(order, undefined, "an order"), write(by, AS_ID, "an actor")];
    time(now);
    const raw = this.#open();
    return read(through(() => raw.order(asked, actor, now)));
  }

  replay(entry) {
    const kept = write(entry, undefined, "an entry");
    const raw = this.#open();
    through(() => raw.replay(kept));
  }

  ask(question, now) {
    const asked = write(question, undefined, "a question");
    time(now);
    const raw = this.#open();
    return read(through(() => raw.ask(asked, now)));
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
    if (this.#raw === null) throw wrong("NO_HANDLE", "the books were freed");
    return this.#raw;
  }
}
