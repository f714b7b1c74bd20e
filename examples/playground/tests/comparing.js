// What if? Two catalogs over the people of the present company.

import assert from "node:assert/strict";
import { begin, onPage, open, write } from "./page.js";

onPage("a change in the editor says who gains what, before it is put in force", async (page) => {
  await begin(page, "production");
  await open(page, "Catalog");
  await write(page, (text) => text.replace('permissions = ["script.view", "teleprompter.use"]', 'permissions = ["script.view"]'));
  await open(page, "Compare");
  const rows = await page.locator(".changes tbody tr").allInnerTexts();
  assert.ok(rows.length > 0);
  assert.ok(rows.some((row) => /^Tia/.test(row) && row.includes("− Use teleprompter")), rows.join("\n"));
  assert.ok(rows.every((row) => !row.includes("+ ")), rows.join("\n"));
});

onPage("two presets are compared, with a proposal of what becomes of keys that are gone", async (page) => {
  await open(page, "Compare");
  await page.getByLabel("To", { exact: true }).selectOption("agency");
  const said = await page.locator("#panel").innerText();
  assert.match(said, /Gains/);
  assert.ok((await page.locator(".changes .chip.took").count()) > 0);
});

onPage("the same is the same", async (page) => {
  await open(page, "Compare");
  assert.match(await page.locator("#panel").innerText(), /The editor holds what is in force/);
});
