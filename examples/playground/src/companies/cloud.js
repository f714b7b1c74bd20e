// A company on the cloud preset: two workspaces, four roles, overrides, a collaborator.

import { DAY } from "../words/time.js";
import { PLATFORM, Teller } from "./teller.js";

/**
 * The preset as it is has no people from outside, no overrides that reduce, no second look at who changes the plan. This company wants
 * all three, so it sets them: a preset is data, and yours to change.
 * @param {string} preset
 */
function adapted(preset) {
  return preset
    .replace('overrides = "expand"', 'overrides = "replace"')
    .replace('collaborators = "off"', 'collaborators = "on"')
    .replace('{ key = "subscription.change", scope = "organization",', '{ key = "subscription.change", scope = "organization", recent_authentication = "15m",');
}

/**
 * @param {string} preset
 * @returns {import("./index.js").Told}
 */
export function cloud(preset) {
  const t = new Teller();
  const olga = t.person("Olga");
  const adam = t.person("Adam");
  const dave = t.person("Dave");
  const vera = t.person("Vera");
  const carl = t.person("Carl");
  const mallory = t.person("Mallory");
  const emil = t.person("Emil");

  const production = t.creates(olga, "Acme", "team", 5, "Production");
  const staging = t.workspace(olga, "Staging");

  // Dave works in Production, but not with agents; in Staging he is an admin. Vera may do in Production what developers may.
  t.brings(olga, adam, ["admin"]);
  t.brings(adam, dave, ["developer"], [[production, { removed: ["agent.use"] }], [staging, { role: "admin" }]]);
  t.brings(adam, vera, ["viewer"], [[production, { role: "developer" }], [staging, {}]]);
  t.brings(adam, carl, [], [[staging, { role: "viewer" }]]);

  // What hand-written code gets wrong.
  t.does(adam, { invite: { invitation: t.id("invitation"), address: "mallory@example.com", roles: ["owner"], secret: t.secret() } });
  t.does(adam, { remove: { user: olga } });
  t.does(PLATFORM, { suspend: { user: olga } });
  t.does(dave, { give_access: { user: vera, workspace: production, changes: { role: "admin" } } });

  // The plan brings credits with the seats; there was a welcome, too, and somebody bought more.
  t.orders(PLATFORM, { grant: { class: "promotional", amount: 1_500, expires: t.at(14 * DAY) } });
  t.orders(PLATFORM, { grant: { class: "purchased", amount: 5_000, expires: t.at(365 * DAY) } });
  t.waits(2 * DAY);
  t.spends(dave, production, 400);
  t.waits(3 * DAY);
  t.spends(vera, production, 650);
  t.holds(dave, staging, 900, t.at(3 * DAY));
  t.waits(2 * DAY);

  t.invites(adam, mallory, ["developer"]);
  t.invites(adam, emil, ["viewer"], [[staging, {}]]);
  return { story: t.told(adapted(preset)), question: { who: dave, may: "agent.use", where: production } };
}
