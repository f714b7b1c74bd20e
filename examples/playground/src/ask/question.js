// The question: who, what, where, and what is known of the moment.

import { h } from "../ui/element.js";
import { select } from "../ui/fields.js";
import { spaced } from "../words/list.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Target} Target
 */

const SCOPES = /** @type {const} */ (["organization", "workspace", "resource"]);

/** @param {App} app */
export function questionForm(app) {
  const { asked } = app.chosen;
  const ask = (/** @type {Partial<typeof asked>} */ part) => app.choose({ asked: { ...asked, ...part } });
  return h(
    "section",
    { class: "card", "aria-label": "The question" },
    h(
      "div",
      { class: "question" },
      h("span", { class: "word" }, "May"),
      select({ key: "who", label: "Who", value: asked.who, groups: people(app), change: (who) => ask({ who }) }),
      select({ key: "may", label: "May what", value: asked.may, groups: permissions(app), change: (may) => ask({ may }) }),
      h("span", { class: "word" }, "in"),
      select({ key: "where", label: "Where", value: asked.where, groups: places(app), change: (where) => ask({ where }) }),
      h("span", { class: "word" }, "?"),
      shown(app),
    ),
  );
}

/** @param {App} app */
function people({ session }) {
  const here = new Set(session.shown.view()?.snapshot.people.map((person) => person.user));
  const options = session.story.people.map(({ id, name }) => ({ value: id, text: name, inside: here.has(id) }));
  return [
    { label: "In the company", options: options.filter((option) => option.inside) },
    { label: "From outside", options: options.filter((option) => !option.inside) },
  ];
}

/** @param {App} app */
function permissions({ session }) {
  const known = session.shown.description.permissions;
  return SCOPES.map((scope) => ({
    label: `${spaced(scope)} permissions`,
    options: known.filter((each) => each.scope === scope).map(({ key, title }) => ({ value: key, text: title === key ? key : `${title} (${key})` })),
  }));
}

/** @param {App} app */
function places({ session }) {
  const snapshot = session.shown.view()?.snapshot;
  return [
    { label: "", options: [{ value: "organization", text: snapshot?.profile?.name ?? "the organization" }] },
    { label: "Workspaces", options: (snapshot?.workspaces ?? []).map(({ workspace, name }) => ({ value: workspace, text: name })) },
    { label: "Resources", options: session.story.resources.map(({ id, name }) => ({ value: id, text: name })) },
  ];
}

/**
 * What whoever asks has shown, as far as anything in the catalog depends on it.
 * @param {App} app
 */
function shown(app) {
  const { given } = app.chosen;
  const { permissions: all, providers } = app.session.shown.description;
  const tick = (/** @type {string} */ key, /** @type {string} */ text, /** @type {"fresh" | "factor"} */ fact) =>
    h(
      "label",
      { class: "check" },
      h("input", {
        type: "checkbox",
        "data-key": key,
        checked: given[fact] === true,
        onchange: (/** @type {Event} */ event) =>
          app.choose({ given: { ...given, [fact]: /** @type {HTMLInputElement} */ (event.currentTarget).checked } }),
      }),
      text,
    );
  const facts = [
    all.some((each) => each.recent_authentication !== null) && tick("fresh", "has just authenticated again", "fresh"),
    all.some((each) => each.second_factor) && tick("factor", "has shown a second factor", "factor"),
    providers.length > 0 &&
      select({
        key: "provider",
        label: "Signed in through",
        value: given.provider ?? "",
        groups: [{ label: "", options: [{ value: "", text: "signed in by password" }, ...providers.map((each) => ({ value: each, text: `signed in through ${each}` }))] }],
        change: (provider) => app.choose({ given: withProvider(given, provider) }),
      }),
  ].filter((fact) => fact !== false);
  return facts.length === 0 ? null : h("div", { class: "given" }, h("span", { class: "quiet" }, "Whoever asks"), facts);
}

/**
 * @param {import("../app.js").Given} given
 * @param {string} provider
 */
function withProvider({ provider: _, ...given }, provider) {
  return provider === "" ? given : { ...given, provider };
}

/**
 * The place of a question as the package takes it.
 * @param {App} app
 * @returns {Target}
 */
export function targetOf({ session, chosen }) {
  const { where } = chosen.asked;
  if (where === "organization") return "organization";
  const thing = session.story.resources.some(({ id }) => id === where);
  return thing ? { kept_resource: session.shown.resource(where) } : { workspace: where };
}

/**
 * What the place is called.
 * @param {App} app
 */
export function placeName({ session, chosen, names }) {
  const { where } = chosen.asked;
  if (where === "organization") return session.shown.view()?.snapshot.profile?.name ?? "the organization";
  const thing = session.story.resources.some(({ id }) => id === where);
  return thing ? names().resource(where) : names().workspace(where);
}
