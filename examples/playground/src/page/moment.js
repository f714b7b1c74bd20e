// The past: a line that says so while an earlier moment is looked at, and the ways out of it.

import { h } from "../ui/element.js";
import { counted } from "../words/list.js";

/** @typedef {import("../app.js").App} App */

/** @param {App} app */
export function momentLine({ session }) {
  if (session.past === null) return null;
  const later = session.story.attempts.length - session.past;
  return h(
    "div",
    { class: "moment", role: "status" },
    h("p", null, `You are looking at an earlier moment: ${counted(later, "thing")} happened since. Whatever you do is done in the present.`),
    h("button", { type: "button", class: "button main", "data-key": "back", onclick: () => session.comeBack() }, "Back to the present"),
    h("button", { type: "button", class: "button", "data-key": "go on", onclick: () => session.goOnFromHere() }, `Go on from here, and forget the ${later}`),
  );
}
