// The toolbar: which company, what time it is, sharing, beginning anew, light and dark.

import { COMPANIES, tell } from "../companies/index.js";
import { packed } from "../session/keep.js";
import { h } from "../ui/element.js";
import { select } from "../ui/fields.js";
import { DAY, HOUR, dateTime, span } from "../words/time.js";
import { exportSession, importSession } from "./files.js";
import { writeHash } from "./hash.js";
import { THEMES, setTheme, theme } from "./theme.js";

/** @typedef {import("../app.js").App} App */

const STEPS = [HOUR, DAY, 7 * DAY, 30 * DAY];

/** @param {App} app */
export function toolbar(app) {
  const { session } = app;
  const view = session.shown.view();
  return [
    select({
      key: "company",
      label: "Begin with another company",
      value: "",
      groups: [
        { label: "", options: [{ value: "", text: view?.snapshot.profile == null ? "No company" : `${view.snapshot.profile.name} (${session.inForce.description.name})` }] },
        { label: "Begin anew with", options: Object.entries(COMPANIES).map(([value, { title }]) => ({ value, text: `${title} (${value})` })) },
      ],
      change: (name) => {
        const { story, question } = tell(name);
        app.begin(story, question);
      },
    }),
    h("span", { class: "chip number", title: "The version of the organization" }, `version ${view?.snapshot.version ?? 0}`),
    h(
      "span",
      { class: "clock" },
      h("span", { class: "number" }, `${dateTime(session.shown.now)} UTC`),
      select({
        key: "clock",
        label: "Let time go by",
        value: "",
        groups: [{ label: "", options: [{ value: "", text: "later …" }, ...STEPS.map((step) => ({ value: String(step), text: `+ ${span(step)}` }))] }],
        change: (step) => session.attempt({ kind: "wait", span_ms: Number(step) }),
      }),
    ),
    h("button", { type: "button", class: "button", "data-key": "share", onclick: () => share(app) }, "Share"),
    h("button", { type: "button", class: "button", "data-key": "export", onclick: () => exportSession(app) }, "Export"),
    h("button", { type: "button", class: "button", "data-key": "import", onclick: () => importSession(app) }, "Import"),
    select({ key: "theme", label: "Colors", value: theme(), groups: [{ label: "", options: THEMES }], change: setTheme }),
  ];
}

/**
 * Makes a link with everything in it.
 * @param {App} app
 */
async function share(app) {
  const link = new URL(writeHash(app.chosen, await packed(app.session.story)), location.href).href;
  const line = h("input", { type: "text", readonly: true, value: link, "aria-label": "The link", class: "link", onfocus: (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.currentTarget).select() });
  const copied = await navigator.clipboard.writeText(link).then(
    () => true,
    () => false,
  );
  app.say(copied ? "A link to all of this is in the clipboard. It holds the whole company; nothing is sent anywhere." : "This link holds the whole company; nothing is sent anywhere.", line);
}
