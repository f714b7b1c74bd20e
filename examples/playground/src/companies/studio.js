// A film studio: projects in an organization, one card, one pool of credits. A workspace is a project.

import { DAY } from "../words/time.js";
import { PLATFORM, Teller } from "./teller.js";

/**
 * @param {string} preset
 * @returns {import("./index.js").Told}
 */
export function studio(preset) {
  const t = new Teller();
  const olga = t.person("Olga");
  const bill = t.person("Bill");
  const cara = t.person("Cara");
  const vera = t.person("Vera");
  t.person("Eve");

  // One to pay, one to create, one to look.
  t.creates(olga, "Acme Films", "creator", 0, "");
  t.brings(olga, bill, ["billing"]);
  t.brings(olga, cara, ["creator"]);
  t.brings(olga, vera, ["viewer"]);
  const film = t.workspace(cara, "The Film");
  t.workspace(cara, "The Teaser");

  t.does(vera, { create_workspace: { workspace: t.id("workspace"), name: "Vera’s Cut" } });
  t.does(cara, { invite: { invitation: t.id("invitation"), address: "eve@example.com", roles: ["viewer"], secret: t.secret() } });
  t.does(olga, { leave: {} });

  // Whoever changes the plan proves again who they are.
  t.does(olga, { change_plan: { plan: "studio", seats: 0 } });
  t.does(olga, { change_plan: { plan: "studio", seats: 0 } }, { fresh: true });

  t.orders(PLATFORM, { grant: { class: "promotional", amount: 2_000, expires: t.at(10 * DAY) } });
  t.waits(4 * DAY);
  t.spends(cara, film, 1_200);
  t.spends(vera, film, 10);
  t.waits(2 * DAY);
  t.holds(cara, film, 3_000, t.at(2 * DAY));
  t.waits(1 * DAY);
  return { story: t.told(preset), question: { who: bill, may: "subscription.change", where: "organization" } };
}
