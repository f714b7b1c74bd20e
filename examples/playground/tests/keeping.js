// What was done is there again: after a reload, by a link, from a file.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { answer, begin, onPage, open } from "./page.js";

/** @param {import("playwright-core").Page} page */
const turned = async (page) => {
  await page.getByRole("button", { name: "Do it as Adam" }).first().click();
  assert.equal(await answer(page), "Yes allow");
};

onPage("a reload keeps the company, the question and the part", async (page) => {
  await turned(page);
  await page.reload();
  await page.locator(".verdict").waitFor();
  assert.equal(await answer(page), "Yes allow");
  await begin(page, "agency");
  await open(page, "Timeline");
  await page.reload();
  await page.locator(".timeline").waitFor();
  assert.match(await page.locator("#toolbar").innerText(), /Acme Agency/);
});

onPage("a link holds all of it", async (page, context) => {
  await turned(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByLabel("The link").inputValue();
  assert.ok(link.length < 16_000, String(link.length));
  await page.evaluate(() => localStorage.clear());
  const other = await context.newPage();
  await other.goto(link);
  await other.locator(".verdict").waitFor();
  assert.equal(await answer(other), "Yes allow");
  assert.ok(!other.url().includes("story="));
});

onPage("a file holds all of it, with the events, and is read again", async (page) => {
  await turned(page);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export" }).click()]);
  const path = /** @type {string} */ (await download.path());
  const written = JSON.parse(await readFile(path, "utf8"));
  assert.equal(written.events[0].version, 1);
  assert.ok(written.events[0].event.organization_created);

  await begin(page, "studio");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Import" }).click()]);
  await chooser.setFiles(path);
  await page.getByText("Another company is here now").waitFor();
  assert.match(await page.locator("#toolbar").innerText(), /^Acme/);
});

onPage("a file that is something else changes nothing", async (page) => {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Import" }).click()]);
  await chooser.setFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from('{"format":1}') });
  await page.getByText("The file was not read").waitFor();
  assert.equal(await answer(page), "No removed_by_override");
});
