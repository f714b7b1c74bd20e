// WHAT CAN BE NAMED? The catalog as text. What is written is read at every stroke; what is in force stays so until another one is put there.

import { COMPANIES } from "../companies/index.js";
import { Catalog } from "../package.js";
import { readCatalog } from "../session/catalogs.js";
import { Moment } from "../session/moment.js";
import { h } from "../ui/element.js";
import { select } from "../ui/fields.js";
import { capital, counted } from "../words/list.js";
import { makeEditor } from "./editor.js";
import { mistakeList } from "./mistakes.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Mistake} Mistake
 * @typedef {import("../session/catalogs.js").ReadCatalog} ReadCatalog
 */

/** @type {import("../app.js").Part} */
export const catalog = { key: "catalog", title: "Catalog", render };

/** @param {App} app */
function render(app) {
  const inForce = app.session.inForce.text;
  const said = h("div", { id: "catalog-said", class: "catalog-said", role: "status" });
  const typed = (/** @type {string} */ text) => {
    app.chosen.draft = text === inForce ? null : text;
    if (said.ariaBusy === "true") return;
    // What is pasted comes in line by line; it is looked at once for each frame.
    said.ariaBusy = "true";
    requestAnimationFrame(look);
  };
  const look = () => {
    said.ariaBusy = "false";
    const text = editor.text();
    const { read, mistakes } = readCatalog(text);
    editor.mark(mistakes ?? []);
    said.replaceChildren(...(read === null ? wrong(mistakes, text) : right(read, text === inForce)));
    if (read !== null && text === inForce) read.catalog.free();
  };
  const put = (/** @type {string} */ text) => {
    editor.put(text);
    app.chosen.draft = text === inForce ? null : text;
    look();
  };
  const editor = makeEditor(app.chosen.draft ?? inForce, typed);

  const wrong = (/** @type {readonly Mistake[]} */ mistakes, /** @type {string} */ text) => [
    h("p", { class: "took" }, h("strong", null, `${capital(counted(mistakes.length, "mistake"))}. `), h("span", null, "The catalog that was in force stays in force.")),
    mistakeList(mistakes, text, editor.goTo, (mended) => {
      put(mended);
      said.querySelector("button")?.focus();
    }),
  ];
  const right = (/** @type {ReadCatalog} */ read, /** @type {boolean} */ same) => {
    const { permissions, roles, plans } = read.description;
    const figures = `${counted(permissions.length, "permission")}, ${counted(roles.length, "role")}, ${counted(plans.length, "plan")}.`;
    return [
      h("p", null, h("strong", null, same ? "This is in force. " : "No mistakes. "), figures),
      same ? null : [consequence(app, read), h("div", { class: "actions" }, h("button", { type: "button", class: "button main", "data-key": "put in force", onclick: () => putInForce(app, read) }, "Put it in force"))],
      findings(read.catalog),
    ]
      .flat()
      .filter((part) => part !== null);
  };
  look();
  return h(
    "div",
    { class: "catalog" },
    h(
      "section",
      { class: "card" },
      h("h2", { tabindex: -1, "data-landing": true }, "The catalog"),
      h("p", { class: "lead" }, "Permissions, roles, groups, plans and policy are data: change them here, or paste your own, as TOML or JSON."),
      h(
        "div",
        { class: "actions" },
        select({
          key: "preset text",
          label: "Put in the text of a preset",
          value: "",
          groups: [{ label: "", options: [{ value: "", text: "Put in the text of …" }, ...Object.keys(COMPANIES).map((name) => ({ value: name, text: name }))] }],
          change: (name) => put(Catalog.presetText(name)),
        }),
        h("button", { type: "button", class: "button", "data-key": "as in force", onclick: () => put(inForce) }, "Back to what is in force"),
      ),
      editor.element,
    ),
    h("section", { class: "card", "aria-label": "What is said of it" }, said),
  );
}

/**
 * @param {App} app
 * @param {ReadCatalog} read
 */
function putInForce(app, read) {
  app.chosen.draft = null;
  app.session.putInForce(read);
  app.say(`The catalog ${read.description.name} is in force; everything that was tried has been tried again under it.`);
}

/**
 * What would become of what happened, were it in force.
 * @param {App} app
 * @param {ReadCatalog} read
 */
function consequence({ session }, read) {
  const moment = new Moment(read.catalog, read.description, session.story.resources);
  for (const attempt of session.story.attempts) moment.carryOut(attempt);
  const turned = moment.outcomes.map(({ refusal }, at) => ({ now: refusal !== null, before: session.outcomes[at]?.refusal != null }));
  moment.free();
  const refused = turned.filter(({ now, before }) => now && !before).length;
  const accepted = turned.filter(({ now, before }) => !now && before).length;
  const words = [
    refused > 0 && `${counted(refused, "thing")} that happened would have been refused`,
    accepted > 0 && `${counted(accepted, "refusal")} would have been accepted`,
  ].filter((word) => word !== false);
  return h("p", { class: refused > 0 ? "wait" : "quiet" }, words.length === 0 ? "Everything that happened would have happened under it as well." : `Under it, ${words.join(", and ")}.`);
}

/** @param {Catalog} read */
function findings(read) {
  const found = read.lint();
  if (found.length === 0) return null;
  return h(
    "details",
    { class: "more" },
    h("summary", null, `${counted(found.length, "thing")} that ${found.length === 1 ? "is" : "are"} legal and worth a look`),
    h("ul", { class: "plain-list" }, found.map(({ says, advice, place, code }) => h("li", null, h("p", null, h("strong", null, place.text), `: ${says} `, h("code", { class: "quiet" }, code)), h("p", { class: "quiet small" }, advice)))),
  );
}
