// The organization itself: name, plan, seats, status.

import { h } from "../ui/element.js";
import { amount, field, input, select } from "../ui/fields.js";
import { deedButton, form } from "../ui/form.js";
import { saidSlot } from "../ui/said.js";
import { counted, number, spaced } from "../words/list.js";
import { DAY } from "../words/time.js";
import { commandOf } from "./person.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").View} View
 */

const STATUSES = /** @type {const} */ (["active", "past_due", "suspended", "archived"]);

/**
 * @param {App} app
 * @param {View} view
 */
export function organizationPage(app, view) {
  const profile = /** @type {NonNullable<View["snapshot"]["profile"]>} */ (view.snapshot.profile);
  return [
    h("h2", null, h("bdi", null, profile.name)),
    figures(app, view),
    planForm(app, view),
    view.seats === null ? null : seatsForm(app, view),
    statusForm(app, profile.status),
    renameForm(app, profile.name),
    goForm(app),
  ];
}

/**
 * @param {App} app
 * @param {View} view
 */
function figures(app, view) {
  const names = app.names();
  const figure = (/** @type {string} */ title, /** @type {string} */ value) => h("div", null, h("dt", null, title), h("dd", { class: "number" }, value));
  return h(
    "dl",
    { class: "figures" },
    figure("Plan", view.plan === null ? "–" : names.plan(view.plan)),
    figure("Status", spaced(view.snapshot.profile?.status ?? "")),
    figure("Members", number(view.members)),
    figure("Collaborators", number(view.collaborators)),
    figure("Owners", number(view.owners)),
    figure("Seats", view.seats === null ? "not counted" : `${view.seats.used} of ${view.seats.limit}`),
  );
}

/**
 * @param {App} app
 * @param {View} view
 */
function planForm(app, view) {
  const plan = select({ key: "plan", label: "Plan", value: view.plan ?? "", groups: [{ label: "", options: app.session.shown.description.plans.map(({ key, title }) => ({ value: key, text: title })) }] });
  const seats = amount("plan seats", view.bought ?? 0);
  return form(app, {
    key: "change plan",
    title: "Plan",
    fields: [field("Plan", plan), field("Seats bought", seats, "narrow")],
    action: "Change the plan",
    attempt: () => commandOf(app, { change_plan: { plan: plan.value, seats: Number(seats.value) } }),
  });
}

/**
 * @param {App} app
 * @param {View} view
 */
function seatsForm(app, view) {
  const seats = amount("seats", view.bought ?? 0);
  return form(app, {
    key: "change seats",
    title: "Seats",
    about: `${counted(view.seats?.charged ?? 0, "seat")} are charged. What is given back stays until the end of the period, thirty days from now.`,
    fields: field("Seats", seats, "narrow"),
    action: "Change the seats",
    attempt: () => commandOf(app, { change_seats: { seats: Number(seats.value), period_end: app.session.shown.now + 30 * DAY } }),
  });
}

/**
 * @param {App} app
 * @param {typeof STATUSES[number]} now
 */
function statusForm(app, now) {
  const status = select({ key: "status", label: "Status", value: now, groups: [{ label: "", options: STATUSES.map((value) => ({ value, text: spaced(value) })) }] });
  return form(app, {
    key: "change status",
    title: "Status",
    about: "What follows from payments, the platform sets.",
    fields: field("Status", status),
    action: "Set the status",
    attempt: () => commandOf(app, { change_status: { status: /** @type {typeof STATUSES[number]} */ (status.value) } }),
  });
}

/**
 * @param {App} app
 * @param {string} now
 */
function renameForm(app, now) {
  const name = input("organization name", { value: now, required: true });
  return form(app, { key: "rename", title: "Name", fields: field("Its name", name), action: "Rename", previewed: false, attempt: () => commandOf(app, { rename: { name: name.value } }) });
}

/** @param {App} app */
function goForm(app) {
  const said = saidSlot();
  return h(
    "div",
    { class: "form" },
    h("h3", null, "Going"),
    h(
      "div",
      { class: "actions" },
      deedButton(app, said, "Leave", () => commandOf(app, { leave: { content: "stays" } })),
      deedButton(app, said, "Delete the organization", () => commandOf(app, { delete_organization: { disposition: "delete" } })),
      deedButton(app, said, "Restore it", () => commandOf(app, { restore_organization: {} })),
    ),
    said,
  );
}
