// Takes the picture of the README, and with a folder as argument one of every part, light and dark, for looking at.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { start } from "./browser.js";

const folder = process.argv[2];
const { url, browser, stop } = await start();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 820 }, colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(url);
  await page.locator(".verdict").waitFor();
  await page.screenshot({ path: fileURLToPath(new URL("../playground.png", import.meta.url)) });
  if (folder !== undefined) await everyPart(folder);
} finally {
  await stop();
}

/** @param {string} into */
async function everyPart(into) {
  const sizes = { wide: { width: 1280, height: 860 }, phone: { width: 390, height: 800 } };
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    for (const [name, viewport] of Object.entries(sizes)) {
      const page = await browser.newPage({ viewport, colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(url);
      await page.locator(".verdict").waitFor();
      for (const part of ["ask", "company", "matrix", "catalog", "compare", "timeline", "credits"]) {
        await page.locator(`#tab-${part}`).click();
        await page.screenshot({ path: join(into, `${part}-${scheme}-${name}.png`), fullPage: true });
      }
      await page.close();
    }
  }
}
