// An agency: a workspace for each brand, everybody inherits into all of them, and clients look over the shoulder.

import { DAY } from "../words/time.js";
import { PLATFORM, Teller } from "./teller.js";

/**
 * @param {string} preset
 * @returns {import("./index.js").Told}
 */
export function agency(preset) {
  const t = new Teller();
  const olga = t.person("Olga");
  const adam = t.person("Adam");
  const bill = t.person("Bill");
  const mona = t.person("Mona");
  const edo = t.person("Edo");
  const rex = t.person("Rex");
  t.person("Eve");

  // The one who administers and the one who pays are two people, and neither is the owner.
  t.creates(olga, "Acme Agency", "small", 0, "");
  const cola = t.workspace(olga, "Cola");
  const soap = t.workspace(olga, "Soap");
  t.brings(olga, adam, ["org_admin"]);
  t.brings(olga, bill, ["billing_manager"]);
  t.brings(adam, mona, ["content_manager"]);
  t.brings(adam, edo, ["content_editor"]);

  // At Cola nobody edits but Mona; at Soap Edo may approve, for a week, and his team manages the channels.
  t.does(adam, { give_access: { user: edo, workspace: cola, changes: { removed: ["content.edit"] } } });
  t.does(adam, { give_access: { user: edo, workspace: soap, changes: { added: ["content.approve"], until: t.at(7 * DAY) } } });
  const launch = t.id("team");
  t.does(adam, { create_team: { team: launch, name: "Launch" } });
  t.does(adam, { set_rule: { workspace: soap, holder: { team: launch }, given: ["channel.manage"] } });
  t.does(adam, { join_team: { team: launch, user: edo } });

  // Rex is Cola’s own reviewer: a collaborator in that one workspace, and member of nothing.
  t.brings(adam, rex, [], [[cola, { role: "external_reviewer" }]]);

  t.does(adam, { invite: { invitation: t.id("invitation"), address: "eve@example.com", roles: ["billing_manager"], secret: t.secret() } });
  t.does(olga, { give_access: { user: adam, workspace: cola, changes: { role: "viewer" } } });

  t.orders(PLATFORM, { grant: { class: "purchased", amount: 800, expires: t.at(60 * DAY) } });
  t.waits(2 * DAY);
  t.orders(PLATFORM, t.charge(mona, cola, 120));
  t.waits(1 * DAY);
  return { story: t.told(preset), question: { who: edo, may: "content.edit", where: cola } };
}
