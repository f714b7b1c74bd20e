// The page: loads the package, takes up the session that was here, and shows the part that is open.

import { ask } from "./ask/index.js";
import { catalog } from "./catalog/index.js";
import { FIRST, tell } from "./companies/index.js";
import { company } from "./company/index.js";
import { compare } from "./compare/index.js";
import { credits } from "./credits/index.js";
import { matrix } from "./matrix/index.js";
import { load } from "./package.js";
import { readHash, writeHash } from "./page/hash.js";
import { momentLine } from "./page/moment.js";
import { restoreTheme } from "./page/theme.js";
import { toolbar } from "./page/toolbar.js";
import { keep, kept, unpacked } from "./session/keep.js";
import { namesOf } from "./session/names.js";
import { Session } from "./session/session.js";
import { NoStory } from "./session/story.js";
import { timeline } from "./timeline/index.js";
import { h, replace } from "./ui/element.js";
import { makeTabs } from "./ui/tabs.js";

/**
 * @typedef {import("./app.js").App} App
 * @typedef {import("./app.js").Chosen} Chosen
 * @typedef {import("./app.js").Part} Part
 * @typedef {import("./companies/index.js").Asked} Asked
 * @typedef {import("./session/story.js").Story} Story
 */

/** @type {Part[]} */
const PARTS = [ask, company, matrix, catalog, compare, timeline, credits];

const places = {
  toolbar: place("toolbar"),
  tabs: place("tabs"),
  notice: place("notice"),
  moment: place("moment"),
  panel: place("panel"),
};

/** @param {string} id */
function place(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @returns {Chosen} what is chosen before anybody has */
function atFirst() {
  return {
    tab: ask.key,
    asked: { who: "", may: "", where: "organization" },
    given: {},
    search: "",
    by: "",
    item: "",
    draft: null,
    compared: { from: "in force", to: "draft", moves: null },
  };
}

/** @implements {App} */
class Page {
  chosen = atFirst();
  #showTab = makeTabs(places.tabs, places.panel, PARTS, (tab) => this.choose({ tab }));
  /** @type {Session} */
  session;

  /**
   * @param {Story} story
   * @param {Asked | null} asked
   */
  constructor(story, asked) {
    this.session = this.#opened(story, asked);
  }

  names = () => namesOf(this.session);

  /** @param {Partial<Chosen>} changes */
  choose(changes) {
    const moved = changes.tab !== undefined && changes.tab !== this.chosen.tab;
    Object.assign(this.chosen, changes);
    if (moved) places.notice.replaceChildren();
    history.replaceState(null, "", writeHash(this.chosen));
    this.render();
  }

  /**
   * @param {string} text
   * @param {import("./ui/child.js").Child[]} actions
   */
  say(text, ...actions) {
    replace(places.notice, text === "" ? null : h("p", null, h("bdi", null, text), ...actions));
  }

  /**
   * @param {Story} story
   * @param {Asked | null} asked
   */
  begin(story, asked) {
    const before = { story: this.session.story, asked: this.chosen.asked };
    this.session = this.#opened(story, asked);
    this.say("Another company is here now.", h("button", { type: "button", class: "button small", onclick: () => this.begin(before.story, before.asked) }, "Back to what was here before"));
    this.choose({});
    keep(this.session.story);
  }

  /**
   * @param {Story} story
   * @param {Asked | null} asked
   */
  #opened(story, asked) {
    const session = new Session(story);
    session.subscribe((refused) => {
      keep(session.story);
      if (!refused) this.render();
    });
    const { tab } = this.chosen;
    this.chosen = { ...atFirst(), tab, asked: asked ?? someQuestion(session), by: session.shown.view()?.snapshot.profile?.creator ?? "system" };
    return session;
  }

  render() {
    const part = PARTS.find(({ key }) => key === this.chosen.tab) ?? ask;
    replace(places.toolbar, toolbar(this));
    replace(places.moment, momentLine(this));
    this.#showTab(part.key);
    replace(places.panel, part.render(this));
    document.title = `${part.title} · bailiwick playground`;
  }
}

/**
 * Some question that can be asked of a company.
 * @param {Session} session
 * @returns {Asked}
 */
function someQuestion(session) {
  return {
    who: session.story.people[0]?.id ?? "",
    may: session.shown.description.permissions[0]?.key ?? "",
    where: "organization",
  };
}

/**
 * The page with the company that is kept here, else with the first one; then, where the address holds a company, with that one. What
 * cannot be read is passed over, and said so.
 */
async function opened() {
  const { tab, asked, story } = readHash(location.hash);
  // Before anything is shown: else it is the company that is kept here for a moment.
  const shared = story === null ? null : await unpacked(story).then((read) => ({ read, trouble: null }), troubled);
  const first = tell(FIRST);
  const own = reading(() => new Page(kept() ?? first.story, asked ?? first.question));
  const page = own.read ?? new Page(first.story, first.question);
  page.choose({ tab: tab ?? ask.key });
  const { trouble } = begun(page, shared, asked) ?? own;
  if (trouble !== null) page.say(`What was to be shown could not be read (${trouble}), so this is something else.`);
}

/**
 * Begins with the company that the address holds, if it holds one.
 * @param {Page} page
 * @param {{ read: Story | null, trouble: string | null } | null} shared
 * @param {Asked | null} asked
 */
function begun(page, shared, asked) {
  const story = shared?.read ?? null;
  return story === null ? shared : reading(() => page.begin(story, asked));
}

/**
 * Does something with a story of anybody's.
 * @template T
 * @param {() => T} what
 * @returns {{ read: T | null, trouble: string | null }}
 */
function reading(what) {
  try {
    return { read: what(), trouble: null };
  } catch (thrown) {
    return troubled(thrown);
  }
}

/**
 * What is wrong with a story; everything else goes on.
 * @param {unknown} thrown
 */
function troubled(thrown) {
  if (thrown instanceof NoStory) return { read: null, trouble: thrown.message };
  throw thrown;
}

restoreTheme();
try {
  await load();
  await opened();
  window.addEventListener("hashchange", () => {
    // A link to a place on the page is no address of ours.
    if (readHash(location.hash).tab !== null) location.reload();
  });
} catch (thrown) {
  places.panel.replaceChildren(h("p", { class: "refusal" }, h("strong", null, "The page cannot start."), h("span", null, thrown instanceof Error ? thrown.message : String(thrown))));
  throw thrown;
}
