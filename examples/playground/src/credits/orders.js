// Orders: credits put in by the platform, spent or held by people.

import { h } from "../ui/element.js";
import { amount, field, select } from "../ui/fields.js";
import { form } from "../ui/form.js";
import { DAY } from "../words/time.js";
import { daysField } from "../company/override.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Attempt} Attempt
 * @typedef {import("../package.js").Request} Request
 */

const CLASSES = /** @type {const} */ (["promotional", "purchased", "adjustment"]);

/** @param {App} app */
export function orders(app) {
  return h("section", { class: "card" }, h("h2", null, "Put in, and use up"), grantForm(app), spendForm(app));
}

/**
 * @param {App} app
 * @param {string} by
 * @param {Request} request
 * @returns {Attempt}
 */
export function orderOf({ session }, by, request) {
  return { kind: "order", by, key: session.newId("key"), request };
}

/** @param {App} app */
function grantForm(app) {
  const origin = select({ key: "grant class", label: "As", value: "purchased", groups: [{ label: "", options: CLASSES.map((value) => ({ value, text: value })) }] });
  const credits = amount("grant amount", 1000);
  const days = daysField("grant days", "For how many days");
  return form(app, {
    key: "grant",
    title: "Grant, as the platform",
    fields: [field("Credits", credits, "narrow"), field("As", origin), days.element],
    action: "Grant",
    previewed: false,
    attempt: () =>
      orderOf(app, "system", {
        grant: { class: /** @type {typeof CLASSES[number]} */ (origin.value), amount: Number(credits.value), expires: days.read() === 0 ? null : app.session.shown.now + days.read() * DAY },
      }),
  });
}

/** @param {App} app */
function spendForm(app) {
  const { session } = app;
  const snapshot = session.shown.view()?.snapshot;
  const people = session.story.people.map(({ id, name }) => ({ value: id, text: name }));
  const here = new Set(snapshot?.people.map(({ user }) => user));
  const who = select({
    key: "spend who",
    label: "Who",
    value: app.chosen.by === "system" ? (people[0]?.value ?? "") : app.chosen.by,
    groups: [
      { label: "In the company", options: people.filter(({ value }) => here.has(value)) },
      { label: "From outside", options: people.filter(({ value }) => !here.has(value)) },
    ],
  });
  const where = select({ key: "spend where", label: "Where", value: snapshot?.workspaces[0]?.workspace ?? "", groups: [{ label: "", options: [{ value: "", text: "no workspace" }, ...(snapshot?.workspaces ?? []).map(({ workspace, name }) => ({ value: workspace, text: name }))] }] });
  const credits = amount("spend amount", 100);
  const how = select({ key: "spend how", label: "How", value: "charge", groups: [{ label: "", options: [{ value: "charge", text: "charge: spend at once" }, { value: "hold", text: "hold for a day: settle later" }] }] });
  return form(app, {
    key: "spend",
    title: "Spend, in somebody’s place",
    about: "Who pays follows from the workspace and from who works there.",
    fields: [field("Who", who), field("Where", where), field("Credits", credits, "narrow"), field("How", how)],
    action: "Spend",
    previewed: false,
    attempt: () => {
      const hold = session.newId("hold");
      const spender = { scope: where.value === "" ? { user: who.value } : { user: who.value, workspace: where.value } };
      const spent = { hold, spender, amount: Number(credits.value) };
      return orderOf(app, who.value, how.value === "hold" ? { hold: { ...spent, until: session.shown.now + DAY } } : { charge: spent });
    },
  });
}
