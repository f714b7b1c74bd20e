// WHO EXISTS? People, workspaces, teams, roles, shares: everything in the company, to be changed by commands of whoever acts.

import { h } from "../ui/element.js";
import { select } from "../ui/fields.js";
import { invitationPage, invitePage } from "./invitations.js";
import { organizationPage } from "./organization.js";
import { personPage } from "./person.js";
import { newRolePage, rolePage } from "./roles.js";
import { newThingPage, thingPage } from "./things.js";
import { newTeamPage, teamPage } from "./teams.js";
import { newWorkspacePage, workspacePage } from "./workspaces.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../ui/child.js").Child} Child
 * @typedef {import("../package.js").View} View
 * @typedef {{ item: string, text: string, more?: string, tone?: string }} Entry
 */

/** @type {import("../app.js").Part} */
export const company = { key: "company", title: "Company", render };

/** The page of each kind of thing; what stands behind the colon of an item says which one. */
/** @type {Record<string, (app: App, view: View, id: string) => Child>} */
const PAGES = {
  organization: organizationPage,
  person: personPage,
  invite: invitePage,
  invitation: invitationPage,
  workspace: workspacePage,
  "new-workspace": newWorkspacePage,
  team: teamPage,
  "new-team": newTeamPage,
  role: rolePage,
  "new-role": newRolePage,
  thing: thingPage,
  "new-thing": newThingPage,
};

/** @param {App} app */
function render(app) {
  const view = app.session.shown.view();
  if (view === null || view.snapshot.profile === null) {
    return h("section", { class: "card" }, h("h2", { tabindex: -1, "data-landing": true }, "There is no company"), h("p", null, "Nobody has made it, or the catalog in force did not let them. The timeline says why."));
  }
  const [kind = "", id = ""] = (app.chosen.item === "" ? firstItem(view) : app.chosen.item).split(":");
  const page = PAGES[kind] ?? organizationPage;
  return h(
    "div",
    { class: "company" },
    h("div", { class: "rail card" }, h("h2", { class: "unseen" }, "Everything in the company"), actor(app, view), h("nav", { "aria-label": "The company" }, groups(app, view).map((group) => railGroup(app, group, `${kind}:${id}`)))),
    h("section", { class: "card detail", "data-landing": true, tabindex: -1 }, page(app, view, id)),
  );
}

/** @param {View} view */
function firstItem(view) {
  const person = view.snapshot.people.find(({ user }) => user !== view.snapshot.profile?.creator);
  return person === undefined ? "organization:" : `person:${person.user}`;
}

/**
 * Who acts: whatever is tried on these pages is tried in their name.
 * @param {App} app
 * @param {View} view
 */
function actor(app, view) {
  const people = app.session.story.people.map(({ id, name }) => ({ value: id, text: name }));
  const here = new Set(view.snapshot.people.map(({ user }) => user));
  const element = select({
    key: "by",
    label: "You act as",
    value: app.chosen.by,
    groups: [
      { label: "In the company", options: people.filter(({ value }) => here.has(value)) },
      { label: "From outside", options: people.filter(({ value }) => !here.has(value)) },
      { label: "Above it", options: [{ value: "system", text: "The platform" }] },
    ],
    change: (by) => app.choose({ by }),
  });
  return h("div", { class: "field actor" }, h("span", { class: "label", "aria-hidden": "true" }, "You act as"), element);
}

/**
 * @param {App} app
 * @param {View} view
 * @returns {{ title: string, entries: Entry[], add?: Entry }[]}
 */
function groups({ session, names }, { snapshot }) {
  const called = names();
  const open = new Set(snapshot.open);
  return [
    { title: "Organization", entries: [{ item: "organization:", text: snapshot.profile?.name ?? "" }] },
    {
      title: "People",
      entries: snapshot.people.map(({ user, roles, status }) => ({
        item: `person:${user}`,
        text: called.user(user),
        more: status === "suspended" ? "suspended" : (roles?.map(({ role }) => called.role(role)).join(", ") ?? "collaborator"),
        tone: status === "suspended" ? "took" : "",
      })),
    },
    {
      title: "Invitations",
      entries: snapshot.invitations.filter(({ invitation }) => open.has(invitation)).map(({ invitation, address }) => ({ item: `invitation:${invitation}`, text: address ?? "somebody" })),
      add: { item: "invite:", text: "Invite somebody" },
    },
    {
      title: "Workspaces",
      entries: snapshot.workspaces.map(({ workspace, name, archived }) => ({ item: `workspace:${workspace}`, text: name, more: archived === undefined ? "" : "archived" })),
      add: { item: "new-workspace:", text: "Make a workspace" },
    },
    {
      title: "Teams",
      entries: snapshot.teams.map(({ team, name }) => ({ item: `team:${team}`, text: name })),
      add: { item: "new-team:", text: "Make a team" },
    },
    {
      title: "Own roles",
      entries: snapshot.custom_roles.filter((role) => role !== null).map(({ key, title }) => ({ item: `role:${key}`, text: title })),
      add: { item: "new-role:", text: "Make a role" },
    },
    {
      title: "Resources",
      entries: session.story.resources.map(({ id, name }) => ({ item: `thing:${id}`, text: name })),
      add: { item: "new-thing:", text: "Put something in" },
    },
  ];
}

/**
 * @param {App} app
 * @param {ReturnType<typeof groups>[number]} group
 * @param {string} open
 */
function railGroup(app, { title, entries, add }, open) {
  const entry = (/** @type {Entry} */ { item, text, more = "", tone = "" }, /** @type {string} */ kind) =>
    h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: `entry ${kind}`, "data-key": item, "aria-current": item === open ? "page" : false, onclick: () => app.choose({ item }) },
        h("bdi", null, text),
        more === "" ? null : h("span", { class: `small ${tone === "" ? "quiet" : tone}` }, more),
      ),
    );
  return h("div", { class: "rail-group" }, h("h3", null, title), h("ul", null, entries.map((each) => entry(each, "")), add && entry(add, "add")));
}
