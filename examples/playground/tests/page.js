// One browser for all tests, a fresh page for each, and what a test says about it.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { start } from "./browser.js";

/**
 * @typedef {import("playwright-core").Page} Page
 * @typedef {import("playwright-core").BrowserContext} BrowserContext
 * @typedef {{ hash?: string, theme?: "light" | "dark", width?: number, height?: number, storage?: Record<string, string> }} Opening
 */

/** @type {Awaited<ReturnType<typeof start>>} */
let started;

before(async () => {
  started = await start();
});
after(() => started?.stop());

/**
 * A test with a page of its own, which is to go without a word in the console and without asking anybody else for anything.
 * @param {string} name
 * @param {(page: Page, context: BrowserContext) => Promise<void>} body
 * @param {Opening} [opening]
 */
export function onPage(name, body, opening = {}) {
  test(name, { timeout: 180_000 }, async () => {
    const { theme = "light", width = 1280, height = 800 } = opening;
    const context = await started.browser.newContext({ colorScheme: theme, viewport: { width, height }, reducedMotion: "reduce", acceptDownloads: true, permissions: ["clipboard-read", "clipboard-write"] });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(started.url) && !request.url().startsWith("blob:")) complaints.push(`asked ${request.url()}`);
    });
    try {
      if (opening.storage !== undefined) {
        await page.addInitScript((kept) => {
          if (sessionStorage.getItem("begun") !== null) return;
          sessionStorage.setItem("begun", "yes");
          for (const [key, value] of Object.entries(kept)) localStorage.setItem(key, value);
        }, opening.storage);
      }
      await page.goto(`${started.url}${opening.hash ?? ""}`);
      await page.locator("#panel h2").first().waitFor({ state: "attached" });
      await body(page, context);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

/**
 * Opens a part of the page.
 * @param {Page} page
 * @param {string} title
 */
export async function open(page, title) {
  await page.getByRole("tab", { name: title, exact: true }).click();
}

/**
 * Begins with another company.
 * @param {Page} page
 * @param {string} preset
 */
export async function begin(page, preset) {
  await page.getByLabel("Begin with another company").selectOption(preset);
}

/**
 * Asks a question, by what people read.
 * @param {Page} page
 * @param {{ who?: string, may?: string, where?: string }} question
 */
export async function ask(page, { who, may, where }) {
  if (who !== undefined) await page.getByLabel("Who", { exact: true }).selectOption({ label: who });
  if (may !== undefined) await page.getByLabel("May what").selectOption(may);
  if (where !== undefined) await page.getByLabel("Where", { exact: true }).selectOption({ label: where });
}

/**
 * The answer that is shown: its word and its code.
 * @param {Page} page
 */
export async function answer(page) {
  // Both at once: the page may draw itself anew between two questions.
  return page.locator(".verdict").evaluate((verdict) => {
    /** @param {string} part */
    const text = (part) => verdict.querySelector(part)?.textContent ?? "";
    return `${text(".big").replace(/[^A-Za-z ]/g, "").trim()} ${text("code")}`;
  });
}

/**
 * Opens something of the company.
 * @param {Page} page
 * @param {string} name
 */
export async function openItem(page, name) {
  await page.locator(".rail").getByRole("button", { name }).first().click();
}

/**
 * Acts as somebody.
 * @param {Page} page
 * @param {string} name
 */
export async function actAs(page, name) {
  await page.getByLabel("You act as").selectOption({ label: name });
}

/**
 * Writes a catalog into the editor, and waits until it has been looked at.
 * @param {Page} page
 * @param {string | ((text: string) => string)} text another one, or what becomes of the one that is there
 */
export async function write(page, text) {
  const editor = page.getByLabel("The catalog, as TOML or JSON");
  await editor.fill(typeof text === "string" ? text : text(await editor.inputValue()));
  await page.locator('.catalog-said[aria-busy="false"]').waitFor();
}
