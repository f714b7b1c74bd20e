// Everything by keyboard alone.

import assert from "node:assert/strict";
import { answer, onPage } from "./page.js";

/** @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.getAttribute("data-key") || document.activeElement?.tagName);

onPage("tabs move by arrow keys, and the panel follows", async (page) => {
  await page.locator("#tab-ask").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(page), "tab-company");
  assert.equal(await page.locator("#panel").getAttribute("aria-labelledby"), "tab-company");
  await page.keyboard.press("End");
  assert.equal(await focused(page), "tab-credits");
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(page), "tab-ask");
  assert.equal(await page.locator('[role="tab"][tabindex="0"]').count(), 1);
});

onPage("the board is one stop of the tab key, and arrow keys move in it", async (page) => {
  await page.locator('.board .cell[aria-pressed="true"]').focus();
  const before = await focused(page);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.notEqual(await focused(page), before);
  assert.match(await answer(page), /^Yes|^No|^Not yet/);
  assert.equal(await page.locator('.board .cell[tabindex="0"]').count(), 1);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-pressed")), "true");
});

onPage("a question is asked, turned and found in the timeline without a mouse", async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  for (let steps = 0; steps < 30 && !(await focused(page))?.startsWith("turn "); steps += 1) await page.keyboard.press("Tab");
  assert.match((await focused(page)) ?? "", /^turn 0/);
  await page.keyboard.press("Enter");
  assert.equal(await answer(page), "Yes allow");
  assert.notEqual(await focused(page), "BODY");
});

onPage("what has the focus is seen to have it", async (page) => {
  await page.keyboard.press("Tab");
  for (let steps = 0; steps < 12; steps += 1) {
    const outline = await page.evaluate(() => getComputedStyle(/** @type {Element} */ (document.activeElement)).outlineWidth);
    assert.equal(outline, "3px");
    await page.keyboard.press("Tab");
  }
});
