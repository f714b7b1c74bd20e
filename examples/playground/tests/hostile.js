// Names that want to be something else, and states that are broken.

import assert from "node:assert/strict";
import { actAs, answer, ask, onPage, open, openItem } from "./page.js";

const NAMES = ["<script>document.title='gone'</script>", "<img src=x onerror=alert(1)>", "\u202Eevil\u202C אבגד", `${"W".repeat(120)}`, "'; drop table members; --", "&amp;&lt;b&gt;"];

onPage("whatever people are called is text, and fits", async (page) => {
  await open(page, "Company");
  await actAs(page, "Olga");
  for (const name of NAMES) {
    await openItem(page, "Make a workspace");
    await page.getByLabel("Its name").fill(name);
    await page.getByRole("button", { name: "Make it" }).click();
  }
  await openItem(page, "Invite somebody");
  await page.getByLabel("Somebody new is called").fill(/** @type {string} */ (NAMES[0]));
  await page.getByLabel("As", { exact: true }).selectOption({ label: "Viewer" });
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  for (const part of ["Company", "Timeline", "May they?", "Credits", "Compare", "Matrix"]) {
    await open(page, part);
    assert.equal(await page.locator("#panel script, #panel img").count(), 0, part);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(Number(wide) <= Number(room), `${part}: ${wide} in ${room}`);
  }
  await open(page, "May they?");
  await ask(page, { who: "Olga", may: "workspace.edit", where: /** @type {string} */ (NAMES[0]) });
  assert.equal(await answer(page), "Yes allow");
  assert.ok((await page.locator(".verdict .asked").innerText()).includes(String(NAMES[0])));
  assert.match(await page.title(), /bailiwick playground$/);
});

onPage("a name that cannot be is refused in words, not with a stack", async (page) => {
  await open(page, "Company");
  await actAs(page, "Olga");
  await openItem(page, "Make a workspace");
  await page.getByLabel("Its name").fill("x".repeat(5000));
  await page.getByRole("button", { name: "Make it" }).click();
  assert.match(await page.locator(".detail .said").innerText(), /Refused/);
});

const SMALL = {
  format: 1,
  catalog: 'name = "x"\npermissions = [{ key = "a.b", scope = "organization" }]\nroles = [{ key = "owner", rank = 1, owner = true, permissions = ["*"] }]\nplans = [{ key = "p", rank = 0, team_organizations = true }]\n',
  people: [{ id: "00000002-0000-0000-0000-000000000001", name: "Ada" }],
  resources: [],
  attempts: [],
  made: 1,
};
const BROKEN = {
  "no JSON": "{",
  "no story": "[]",
  "of another format": JSON.stringify({ ...SMALL, format: 2 }),
  "with an attempt of nobody": JSON.stringify({ ...SMALL, attempts: [{ kind: "command", by: 7, command: {} }] }),
  "with a catalog that cannot be read": JSON.stringify({ ...SMALL, catalog: "name = " }),
};
for (const [what, kept] of Object.entries(BROKEN)) {
  onPage(`a kept state ${what} is passed over, and said so`, async (page) => {
    assert.match(await page.locator("#notice").innerText(), /could not be read/);
    assert.equal(await answer(page), "No removed_by_override");
  }, { storage: { "bailiwick.story": kept } });
}

onPage("attempts that no command is are refused like any other", async (page) => {
  await open(page, "Timeline");
  assert.match(await page.locator(".timeline").innerText(), /invite[^]*Refused[^]*bad_json/);
  assert.match(await page.locator(".timeline").innerText(), /make gold/);
}, {
  storage: {
    "bailiwick.story": JSON.stringify({
      ...SMALL,
      attempts: [
        { kind: "command", by: "system", command: { invite: 7 } },
        { kind: "command", by: "system", command: { make_gold: {} } },
        { kind: "order", by: "00000002-0000-0000-0000-000000000001", key: "00000009-0000-0000-0000-000000000001", request: { charge: 7 } },
        { kind: "share", by: "system", on: "00000006-0000-0000-0000-000000000001", command: {} },
        { kind: "wait", span_ms: 3_000_000_000_000 },
      ],
    }),
  },
});

onPage("a link that was cut is passed over, and said so", async (page) => {
  assert.match(await page.locator("#notice").innerText(), /cut or changed/);
  assert.equal(await answer(page), "No removed_by_override");
}, { hash: "#tab=ask&story=abc" });

onPage("a part that there is not opens the first one", async (page) => {
  assert.equal(await answer(page), "No removed_by_override");
}, { hash: "#tab=nothing" });
