// A catalog that is pasted: mistakes at their places, and the last good one stays in force.

import assert from "node:assert/strict";
import { answer, onPage, open, write } from "./page.js";

const WRONG = `name = "notes"
permissions = [
    { key = "note.read", scope = "workspace" },
    { key = "note.write", scope = "workspace", colour = 1 },
]

[[roles]]
key = "owner"
rank = 20
owner = true
permissions = ["*"]
reach = "all"

[[roles]]
key = "reader"
rank = 10
permissions = ["note.raed"]
reach = "everywhere"

[[plans]]
key = "free"
rank = 0
team_organizations = true
`;

/** @param {import("playwright-core").Page} page */
const lines = (page) => page.locator(".numbers .wrong").evaluateAll((all) => all.map((line) => Number(line.textContent?.replace(/\D/g, ""))));

onPage("each mistake is marked at its line, the list jumps there, and what was in force stays in force", async (page) => {
  await open(page, "Catalog");
  const editor = page.getByLabel("The catalog, as TOML or JSON");
  await write(page, WRONG);
  assert.deepEqual(await lines(page), [4, 17, 18]);
  assert.match(await page.locator(".catalog-said").innerText(), /3 mistakes.*stays in force/);
  const meant = page.getByRole("button", { name: /did you mean `note.read`/ });
  await meant.click();
  const selected = await editor.evaluate((area) => {
    const { value, selectionStart, selectionEnd } = /** @type {HTMLTextAreaElement} */ (area);
    return value.slice(selectionStart, selectionEnd);
  });
  assert.match(selected, /note\.raed/);

  await page.getByRole("button", { name: "Put in note.read" }).click();
  assert.deepEqual(await lines(page), [4, 18]);
  await open(page, "May they?");
  assert.equal(await answer(page), "No removed_by_override");
});

onPage("mended, it is put in force, and everything is tried again under it", async (page) => {
  await open(page, "Catalog");
  await write(page, (text) => text.replace('overrides = "replace"', 'overrides = "expand"'));
  await page.getByRole("button", { name: "Put it in force" }).click();
  assert.match(await page.locator("#notice").innerText(), /cloud is in force/);
  await open(page, "May they?");
  assert.notEqual(await answer(page), "No removed_by_override");
});

onPage("a text that is neither TOML nor JSON is said at its line", async (page) => {
  await open(page, "Catalog");
  await write(page, 'name = "x"\npermissions = [\n  { key = "a.b" scope = "workspace" },\n]\n');
  assert.deepEqual(await lines(page), [3]);
  await write(page, '{\n  "name": "x",\n  "permissions": [}\n}\n');
  assert.deepEqual(await lines(page), [3]);
  await write(page, "");
  assert.match(await page.locator(".catalog-said").innerText(), /mistake/);
  await page.getByRole("button", { name: "Back to what is in force" }).click();
  assert.match(await page.locator(".catalog-said").innerText(), /This is in force/);
});

onPage("a catalog in JSON can be put in force, and the company that it does not know is gone", async (page) => {
  await open(page, "Catalog");
  const json = {
    name: "small",
    permissions: [{ key: "note.read", scope: "workspace" }],
    roles: [{ key: "owner", rank: 20, owner: true, permissions: ["*"], reach: "all" }],
    plans: [{ key: "team", rank: 0, team_organizations: true }],
  };
  await write(page, JSON.stringify(json, null, 2));
  assert.match(await page.locator(".catalog-said").innerText(), /No mistakes\. 1 permission, 1 role, 1 plan/);
  assert.match(await page.locator(".catalog-said").innerText(), /things that happened would have been refused/);
  await page.getByRole("button", { name: "Put it in force" }).click();
  await open(page, "Matrix");
  assert.equal(await page.locator(".matrix tbody tr").count(), 2);
});

onPage("what stands in the editor stays there while other parts are looked at", async (page) => {
  await open(page, "Catalog");
  await write(page, "name = ");
  await open(page, "Matrix");
  await open(page, "Catalog");
  assert.equal(await page.getByLabel("The catalog, as TOML or JSON").inputValue(), "name = ");
});
