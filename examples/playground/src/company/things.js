// Resources of the application, and the shares on them. The application knows what there is; the package knows who may see it.

import { ORGANIZATION } from "../session/ids.js";
import { h } from "../ui/element.js";
import { field, input, select, several } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { recipientWords } from "../words/command.js";
import { capital, listed } from "../words/list.js";
import { DAY, dateTime } from "../words/time.js";
import { daysField } from "./override.js";
import { peopleOptions, permissionGroups, workspaceOptions } from "./options.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Recipient} Recipient
 * @typedef {import("../package.js").ShareCommand} ShareCommand
 * @typedef {import("../package.js").View} View
 */

/**
 * @param {App} app
 * @param {View} view
 */
export function newThingPage(app, view) {
  const name = input("thing name", { required: true });
  const workspace = select({ key: "thing workspace", label: "In", value: "", groups: [{ label: "", options: [{ value: "", text: "no workspace" }, ...workspaceOptions(view)] }] });
  const owner = select({ key: "thing owner", label: "Of", value: "", groups: [{ label: "", options: [{ value: "", text: "nobody in particular" }, ...peopleOptions(app, view).inside] }] });
  return [
    h("h2", null, "Put something in"),
    h("p", { class: "lead" }, "A document, a script, a video: something of the application that can be shared. Nobody is asked whether it may be there; that is for the application to say."),
    h(
      "form",
      {
        class: "form",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const thing = app.session.addThing(name.value, workspace.value || null, owner.value || null);
          app.choose({ item: `thing:${thing.id}` });
        },
      },
      h("div", { class: "fields" }, field("Its name", name), field("In", workspace), field("Personal, of", owner)),
      h("div", { class: "actions" }, h("button", { type: "submit", class: "button main", "data-key": "put in" }, "Put it in")),
    ),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
export function thingPage(app, view, id) {
  const names = app.names();
  const thing = app.session.story.resources.find((each) => each.id === id);
  const shares = app.session.shown.tenants.sharesOn(ORGANIZATION, id);
  const said = saidSlot();
  return [
    h("h2", null, h("bdi", null, names.resource(id))),
    h(
      "p",
      { class: "quiet" },
      h("bdi", null, [thing?.workspace ? `In ${names.workspace(thing.workspace)}.` : "In no workspace.", thing?.owner ? ` Personal, of ${names.user(thing.owner)}.` : ""].join("")),
    ),
    h("h3", null, "Shared with"),
    shares.length === 0
      ? h("p", { class: "quiet" }, "Nobody.")
      : h(
          "ul",
          { class: "plain-list" },
          shares.map(({ share, to, level, until }) =>
            h(
              "li",
              { class: "actions" },
              h("bdi", null, `${capital(recipientWords(to, names))}: ${listed(level.map(names.permission))}${until === null ? "" : `, until ${dateTime(until)}`}`),
              deedButton(app, said, `Close the share with ${recipientWords(to, names)}`, () => shareOf(app, id, { revoke_share: { share } })),
            ),
          ),
        ),
    said,
    shareForm(app, view, id),
  ];
}

/**
 * @param {App} app
 * @param {string} on
 * @param {ShareCommand} command
 * @returns {Attempt}
 */
function shareOf({ chosen }, on, command) {
  return { kind: "share", by: chosen.by, on, command };
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
function shareForm(app, view, id) {
  const { inside, outside } = peopleOptions(app, view);
  const option = (/** @type {string} */ kind) => (/** @type {{ value: string, text: string }} */ { value, text }) => ({ value: `${kind}:${value}`, text });
  const to = select({
    key: "share to",
    label: "With",
    value: "members:",
    groups: [
      { label: "", options: [{ value: "members:", text: "every member" }] },
      { label: "People", options: inside.map(option("user")) },
      { label: "From outside", options: outside.map(option("user")) },
      { label: "Groups", options: app.session.shown.description.groups.map(({ key, title }) => ({ value: `group:${key}`, text: title })) },
      { label: "Teams", options: view.snapshot.teams.map(({ team, name }) => ({ value: `team:${team}`, text: name })) },
    ],
  });
  const permissions = permissionGroups(app, ["resource"]);
  const level = several("share level", "What", permissions, permissions[0]?.options[0] === undefined ? [] : [permissions[0].options[0].value]);
  const days = daysField("share days", "For how many days");
  return form(app, {
    key: "share",
    title: "Share it",
    fields: [field("With", to), level.element, days.element],
    action: "Share",
    attempt: () =>
      shareOf(app, id, {
        give_share: { share: app.session.newId("share"), to: recipientOf(to.value), level: level.values(), until: days.read() === 0 ? null : app.session.shown.now + days.read() * DAY },
      }),
  });
}

/**
 * @param {string} value
 * @returns {Recipient}
 */
function recipientOf(value) {
  const [kind, ...rest] = value.split(":");
  const key = rest.join(":");
  switch (kind) {
    case "user":
      return { user: key };
    case "group":
      return { group: key };
    case "team":
      return { team: key };
    default:
      return "members";
  }
}
