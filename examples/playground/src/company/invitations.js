// Invitations: somebody is promised something, and answers.

import { addressOf } from "../companies/teller.js";
import { secretOf } from "../session/ids.js";
import { h } from "../ui/element.js";
import { field, input, select } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { overrideWords } from "../words/command.js";
import { listed } from "../words/list.js";
import { dateTime } from "../words/time.js";
import { overrideFields } from "./override.js";
import { peopleOptions, roleOptions, workspaceOptions } from "./options.js";
import { commandOf } from "./person.js";
import { shownByHeart } from "./shown.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").View} View
 */

const SOMEBODY_NEW = "new";

/**
 * @param {App} app
 * @param {View} view
 */
export function invitePage(app, view) {
  const who = select({ key: "invite who", label: "Whom", value: SOMEBODY_NEW, groups: [{ label: "", options: [{ value: SOMEBODY_NEW, text: "somebody new" }, ...peopleOptions(app, view).outside] }] });
  const name = input("invite name", { placeholder: "their name" });
  const role = select({ key: "invite role", label: "As", value: "", groups: [{ label: "", options: [{ value: "", text: "collaborator, in a workspace alone" }, ...roleOptions(app)] }] });
  const workspace = select({ key: "invite workspace", label: "Workspace", value: "", groups: [{ label: "", options: [{ value: "", text: "none in particular" }, ...workspaceOptions(view)] }] });
  const override = overrideFields(app, "invite", {});
  return [
    h("h2", null, "Invite somebody"),
    h("p", { class: "lead" }, "An invitation promises roles, and what is different in a workspace. Whoever sends it can promise only what they hold themselves."),
    form(app, {
      key: "invite",
      fields: [field("Whom", who), field("Somebody new is called", name), field("As", role), field("Workspace", workspace), override.fields],
      action: "Invite",
      attempt: () => {
        const invitation = app.session.newId("invitation");
        return commandOf(app, {
          invite: {
            invitation,
            address: addressOf(inviteeName(app, who.value, name.value)),
            roles: role.value === "" ? [] : [role.value],
            access: workspace.value === "" ? [] : [[workspace.value, override.read()]],
            secret: secretOf(app.session.story.made),
          },
        });
      },
    }),
  ];
}

/**
 * The name of whoever is invited; somebody new gets an account, so that they can answer.
 * @param {App} app
 * @param {string} who
 * @param {string} name of somebody new
 */
function inviteeName({ session }, who, name) {
  const known = session.story.people.find((person) => (who === SOMEBODY_NEW ? person.name === name : person.id === who));
  return (known ?? session.addPerson(name === "" ? "Somebody" : name)).name;
}

/**
 * @param {App} app
 * @param {View} view
 * @param {string} id
 */
export function invitationPage(app, view, id) {
  const invitation = view.snapshot.invitations.find((each) => each.invitation === id);
  if (invitation === undefined || invitation.state !== "open") return [h("h2", null, "An invitation"), h("p", null, "It is answered, or taken back.")];
  const names = app.names();
  const address = invitation.address ?? "";
  const invitee = app.session.story.people.find(({ name }) => addressOf(name) === address);
  const promised = [...invitation.roles.map(names.role), ...invitation.access.map(([workspace, changes]) => `in ${names.workspace(workspace)} ${overrideWords(changes, names)}`)];
  const said = saidSlot();
  const answer = { invitation: id, secret: invitation.secret, address: { verified: address } };
  const mine = (/** @type {import("../package.js").Command} */ command) => ({ kind: /** @type {const} */ ("command"), by: invitee?.id ?? app.chosen.by, command, given: shownByHeart(app) });
  return [
    h("h2", null, h("bdi", null, address)),
    h("p", null, "Promised: ", h("bdi", null, listed(promised) || "nothing"), `. Open until ${dateTime(invitation.until)}.`),
    h(
      "div",
      { class: "actions" },
      deedButton(app, said, `Accept as ${invitee?.name ?? names.user(app.chosen.by)}`, () => mine({ accept: answer })),
      deedButton(app, said, `Decline as ${invitee?.name ?? names.user(app.chosen.by)}`, () => mine({ decline: answer })),
      deedButton(app, said, "Send it again", () => {
        app.session.newId("key");
        return commandOf(app, { resend: { invitation: id, secret: secretOf(app.session.story.made) } });
      }),
      deedButton(app, said, "Take it back", () => commandOf(app, { revoke: { invitation: id } })),
    ),
    said,
  ];
}
