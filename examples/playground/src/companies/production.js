// A production team: no workspaces, and people see the scripts that are shared with them.

import { DAY } from "../words/time.js";
import { PLATFORM, Teller } from "./teller.js";

/**
 * @param {string} preset
 * @returns {import("./index.js").Told}
 */
export function production(preset) {
  const t = new Teller();
  const olga = t.person("Olga");
  const petra = t.person("Petra");
  const ed = t.person("Ed");
  const tia = t.person("Tia");
  const tom = t.person("Tom");
  t.person("Eve");

  // Three seats: the Admin, a Producer, an Editor. Talent is free.
  t.creates(olga, "Acme Films", "studio", 3, "");
  t.brings(olga, petra, ["producer"]);
  t.brings(petra, ed, ["editor"]);
  t.brings(petra, tia, ["talent"]);
  t.brings(petra, tom, ["talent"]);
  t.does(petra, { change_roles: { user: tom, roles: ["editor"] } });
  t.does(petra, { suspend: { user: olga } });
  t.does(olga, { leave: { content: { transfer_to: petra } } });

  // One of the team, one for all talent, one of Ed’s own.
  const pilot = t.resource("Pilot");
  const lines = t.resource("Lines");
  t.resource("Ed’s diary", { owner: ed });
  t.shares(petra, pilot, { user: ed }, ["script.view", "script.edit"]);
  t.shares(petra, lines, { group: "all_talent" }, ["script.view", "teleprompter.use"]);
  t.shares(ed, pilot, { user: tia }, ["script.view"]);

  t.orders(PLATFORM, { grant: { class: "purchased", amount: 1_000, expires: t.at(90 * DAY) } });
  t.orders(PLATFORM, { grant: { class: "promotional", amount: 200, expires: t.at(7 * DAY) } });
  t.waits(3 * DAY);
  t.orders(PLATFORM, t.charge(ed, null, 150));
  t.waits(1 * DAY);
  return { story: t.told(preset), question: { who: tia, may: "script.view", where: pilot } };
}
