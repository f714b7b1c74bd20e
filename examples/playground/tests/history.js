// What happened: refusals in words, versions, and the way back.

import assert from "node:assert/strict";
import { answer, onPage, open } from "./page.js";

onPage("the timeline says who tried what, and why not", async (page) => {
  await open(page, "Timeline");
  const text = await page.locator(".timeline").innerText();
  assert.match(text, /Adam: invite mallory@example.com as Owner/);
  assert.match(text, /Refused: only an owner makes an owner owners_only/);
  assert.match(text, /The platform: suspend Olga/);
  assert.match(text, /version 2\b/);
});

onPage("an earlier moment can be looked at, and left again", async (page) => {
  const now = await page.locator("#toolbar").getByText(/^version/).innerText();
  await open(page, "Timeline");
  await page.getByRole("button", { name: /^Look at the moment after: Dave: accept/ }).click();
  assert.match(await page.locator("#moment").innerText(), /You are looking at an earlier moment/);
  assert.notEqual(await page.locator("#toolbar").getByText(/^version/).innerText(), now);
  await open(page, "May they?");
  assert.equal(await answer(page), "No removed_by_override");
  await open(page, "Timeline");
  await page.getByRole("button", { name: /^Look at the moment after: Adam: accept/ }).click();
  await open(page, "May they?");
  assert.equal(await answer(page), "No not_found");
  await page.getByRole("button", { name: "Back to the present" }).click();
  assert.equal(await page.locator("#toolbar").getByText(/^version/).innerText(), now);
  assert.equal(await answer(page), "No removed_by_override");
});

onPage("a company can go on from an earlier moment", async (page) => {
  await open(page, "Timeline");
  const before = await page.locator(".timeline > li").count();
  await page.getByRole("button", { name: /^Look at the moment after: Adam: accept/ }).click();
  await page.getByRole("button", { name: /^Go on from here/ }).click();
  const after = await page.locator(".timeline > li").count();
  assert.ok(after < before, `${after} of ${before}`);
  assert.equal(await page.locator("#moment").innerText(), "");
});
