// Teams: groups of people that the company edits by hand.

import { h } from "../ui/element.js";
import { field, input } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { commandOf } from "./person.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").View} View
 */

/** @param {App} app */
export function newTeamPage(app) {
  const name = input("team name", { required: true });
  return [
    h("h2", null, "Make a team"),
    form(app, { key: "make team", fields: field("Its name", name), action: "Make it", previewed: false, attempt: () => commandOf(app, { create_team: { team: app.session.newId("team"), name: name.value } }) }),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
export function teamPage(app, { snapshot }, id) {
  const team = snapshot.teams.find((each) => each.team === id);
  if (team === undefined) return [h("h2", null, h("bdi", null, app.names().team(id))), h("p", null, "is not there any more.")];
  const names = app.names();
  const name = input("team name", { value: team.name, required: true });
  const said = saidSlot();
  const members = snapshot.people.filter(({ roles }) => roles !== undefined);
  const isIn = (/** @type {typeof members[number]} */ { teams = [] }) => teams.some((each) => each.team === id);
  return [
    h("h2", null, h("bdi", null, team.name)),
    form(app, { key: "rename team", fields: field("Its name", name), action: "Rename", previewed: false, attempt: () => commandOf(app, { rename_team: { team: id, name: name.value } }) }),
    h("h3", null, "Who is in it"),
    h(
      "ul",
      { class: "plain-list" },
      members.map((person) =>
        h(
          "li",
          { class: "actions" },
          h("bdi", null, names.user(person.user)),
          isIn(person)
            ? deedButton(app, said, `Take ${names.user(person.user)} out`, () => commandOf(app, { leave_team: { team: id, user: person.user } }))
            : deedButton(app, said, `Put ${names.user(person.user)} in`, () => commandOf(app, { join_team: { team: id, user: person.user } })),
        ),
      ),
    ),
    h("div", { class: "actions" }, deedButton(app, said, "Dissolve the team", () => commandOf(app, { dissolve_team: { team: id } }))),
    said,
  ];
}
