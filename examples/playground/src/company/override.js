// The fields of an override: what is different for somebody in one workspace.

import { field, input, select, several } from "../ui/fields.js";
import { DAY, dateTime } from "../words/time.js";
import { permissionGroups, roleOptions } from "./options.js";

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../package.js").Override} Override
 */

/**
 * @param {App} app
 * @param {string} key
 * @param {Override} now as it stands
 */
export function overrideFields(app, key, now) {
  const role = select({ key: `${key} role`, label: "Role here", value: now.role ?? "", groups: [{ label: "", options: [{ value: "", text: "their own roles" }, ...roleOptions(app)] }] });
  const groups = permissionGroups(app, ["workspace", "resource"]);
  const added = several(`${key} added`, "Added", groups, now.added ?? []);
  const removed = several(`${key} removed`, "Removed", groups, now.removed ?? []);
  const days = daysField(`${key} days`, "For how many days");
  const until = now.until ?? null;
  return {
    fields: [field("Role here", role), added.element, removed.element, days.element, until === null ? null : `It ends ${dateTime(until)}.`],
    /** @returns {Override} */
    read: () => ({
      ...(role.value === "" ? {} : { role: role.value }),
      added: added.values(),
      removed: removed.values(),
      ...(days.read() === 0 ? {} : { until: app.session.shown.now + days.read() * DAY }),
    }),
  };
}

/**
 * A number of days; nothing for no end.
 * @param {string} key
 * @param {string} label
 */
export function daysField(key, label) {
  const days = input(key, { type: "number", min: 0, placeholder: "no end" });
  return { element: field(label, days, "narrow"), read: () => Math.max(0, Math.round(Number(days.value) || 0)) };
}
