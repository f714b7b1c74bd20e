// Files: a session is written into one and read from one.

import { ORGANIZATION } from "../session/ids.js";
import { keepable, parseStory } from "../session/keep.js";

/** @typedef {import("../app.js").App} App */

/** The largest file that is read. */
const FILE_BYTES_MAX = 4 << 20;

/**
 * Hands the session out as a file: the story that makes it again, and the events that it came to.
 * @param {App} app
 */
export function exportSession({ session }) {
  const { tenants } = session.shown;
  const organization = session.shown.view()?.snapshot.profile?.name ?? "company";
  const text = keepable({ story: session.story, events: tenants.journal(ORGANIZATION) });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${organization.replaceAll(/[^A-Za-z0-9]+/g, "-").slice(0, 40) || "company"}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * Lets somebody choose a file, and begins the session that is in it.
 * @param {App} app
 */
export function importSession(app) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (file === undefined) return;
    try {
      if (file.size > FILE_BYTES_MAX) throw new Error("it is too large");
      app.begin(parseStory(await file.text()), null);
    } catch (thrown) {
      app.say(`The file was not read: ${thrown instanceof Error ? thrown.message : "it is no session"}. Nothing was changed.`);
    }
  });
  input.click();
}
