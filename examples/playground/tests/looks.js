// How it looks: contrast and names in both color schemes, and no sideways scrolling on a phone.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import assert from "node:assert/strict";
import { actAs, begin, onPage, open, openItem, write } from "./page.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PARTS = ["May they?", "Company", "Matrix", "Catalog", "Compare", "Timeline", "Credits"];

/**
 * What axe finds wrong.
 * @param {import("playwright-core").Page} page
 */
async function findings(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.flatMap((/** @type {any} */ each) => each.nodes.map((/** @type {any} */ node) => `${each.id}: ${node.target} ${node.any[0]?.message ?? each.help}`));
}

for (const theme of /** @type {const} */ (["light", "dark"])) {
  onPage(`${theme}: every part has contrast, labels and landmarks`, async (page) => {
    for (const part of PARTS) {
      await open(page, part);
      assert.deepEqual(await findings(page), [], part);
    }
    await open(page, "Company");
    await actAs(page, "Adam");
    for (const item of ["Olga", "Acme", "Invite somebody", "emil@example.com", "Production", "Make a role", "Put something in"]) {
      await openItem(page, item);
      assert.deepEqual(await findings(page), [], item);
    }
    await openItem(page, "Olga");
    await page.getByRole("button", { name: "Suspend" }).click();
    assert.deepEqual(await findings(page), [], "a refusal");
    await open(page, "Catalog");
    await write(page, "name = 1\ncolour = 2\n");
    assert.deepEqual(await findings(page), [], "mistakes");
    await open(page, "Timeline");
    await page.getByRole("button", { name: /^Look at the moment after/ }).last().click();
    assert.deepEqual(await findings(page), [], "the past");
  }, { theme });
}

onPage("a switch makes it dark or light whatever the system says, and stays", async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.getByLabel("Colors").selectOption("dark");
  assert.notEqual(await paper(), light);
  await page.reload();
  assert.notEqual(await paper(), light);
  await page.getByLabel("Colors").selectOption("light");
  assert.equal(await paper(), light);
});

for (const preset of ["cloud", "agency"]) {
  onPage(`on a phone, ${preset} fits without scrolling sideways`, async (page) => {
    await begin(page, preset);
    for (const part of PARTS) {
      await open(page, part);
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(Number(wide) <= Number(room), `${part}: ${wide} in ${room}`);
    }
  }, { width: 375, height: 720 });
}
