// What is used up: lots, holds, time.

import assert from "node:assert/strict";
import { onPage, open } from "./page.js";

/**
 * @param {import("playwright-core").Page} page
 * @param {string} title
 */
const figure = async (page, title) => Number((await page.locator(".figures > div", { hasText: title }).locator("dd").innerText()).replaceAll(",", ""));

onPage("credits are granted, charged, held, settled, and the figures add up", async (page) => {
  await open(page, "Credits");
  const before = await figure(page, "Spendable");
  await page.locator("form", { hasText: "Grant, as the platform" }).getByLabel("Credits").fill("1000");
  await page.getByRole("button", { name: "Grant", exact: true }).click();
  assert.equal(await figure(page, "Spendable"), before + 1000);

  const spend = page.locator("form", { hasText: "Spend, in somebody" });
  await spend.getByLabel("Who").selectOption({ label: "Dave" });
  await spend.getByLabel("Credits").fill("250");
  const spent = await figure(page, "Spent");
  await spend.getByRole("button", { name: "Spend" }).click();
  assert.equal(await figure(page, "Spendable"), before + 750);
  assert.equal(await figure(page, "Spent"), spent + 250);

  await spend.getByLabel("Who").selectOption({ label: "Dave" });
  await spend.getByLabel("Credits").fill("300");
  await spend.getByLabel("How").selectOption("hold");
  const held = await figure(page, "Held");
  await spend.getByRole("button", { name: "Spend" }).click();
  assert.equal(await figure(page, "Held"), held + 300);
  const hold = page.locator(".hold", { hasText: "300 credits, of Dave" });
  await hold.getByLabel("What it cost").fill("120");
  await hold.getByRole("button", { name: "Settle" }).click();
  assert.equal(await figure(page, "Held"), held);
  assert.equal(await figure(page, "Spent"), spent + 370);
  assert.equal(await figure(page, "Spendable"), before + 630);
});

onPage("more than there is, is refused in words, with both numbers", async (page) => {
  await open(page, "Credits");
  const spend = page.locator("form", { hasText: "Spend, in somebody" });
  await spend.getByLabel("Who").selectOption({ label: "Dave" });
  await spend.getByLabel("Credits").fill("9999999");
  await spend.getByRole("button", { name: "Spend" }).click();
  assert.match(await spend.locator(".said").innerText(), /Refused[^]*9999999[^]*not_enough/);
});

onPage("a hold is given back when its time is over, and lots expire", async (page) => {
  await open(page, "Credits");
  assert.ok((await figure(page, "Held")) > 0);
  const expired = await figure(page, "Expired");
  await page.getByRole("button", { name: "+ 1 week" }).click();
  assert.equal(await figure(page, "Held"), 0);
  await page.getByRole("button", { name: "+ 30 days" }).click();
  assert.ok((await figure(page, "Expired")) > expired);
});

onPage("lots burn down as bars over time", async (page) => {
  await open(page, "Credits");
  const bars = await page.locator(".burning > g:has(title)").count();
  assert.ok(bars >= 5);
  assert.match((await page.locator(".burning").getAttribute("aria-label")) ?? "", /Credits left at \d+ times/);
  await page.getByRole("button", { name: "To the next end of a lot" }).click();
  assert.ok((await page.locator(".burning > g:has(title)").count()) > bars);
});
