// Opens a page in a browser without a window, and says what it says: `browser.js [CHROMIUM]`.
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const executablePath = process.argv[2] ?? "/usr/bin/chromium";
const root = fileURLToPath(new URL("..", import.meta.url));
const cases = new URL("../../../tests/cases/", import.meta.url);
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html" };
const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"bailiwick":"/dist/web.js","bailiwick/core":"/dist/core.js"}}</script>
<script type="module" src="/tests/tables/page.js"></script>`;

const isTable = (name) => name.endsWith(".txt") && name !== "rows.txt" && name !== "codes.txt";
const tables = () => JSON.stringify(readdirSync(cases).filter(isTable).sort().map((name) => [name, readFileSync(new URL(name, cases), "utf8")]));

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://127.0.0.1").pathname);
  try {
    const body = path === "/" ? PAGE : path === "/cases.json" ? tables() : readFileSync(join(root, path));
    response.writeHead(200, { "content-type": TYPES[extname(path) || ".html"] ?? "text/plain" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));

const profile = await mkdtemp(join(tmpdir(), "bailiwick-"));
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const context = await chromium.launchPersistentContext(profile, { executablePath, args, headless: true });
try {
  const page = await context.newPage();
  page.on("console", (message) => console.log(message.text()));
  page.on("pageerror", (why) => {
    console.error(why);
    process.exitCode = 1;
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const handle = await page.waitForFunction("globalThis.finished", undefined, { timeout: 180_000 });
  const { wrong, lines } = await handle.jsonValue();
  if (wrong > 0 || lines === 0) process.exitCode = 1;
} finally {
  await context.close();
  server.close();
  await rm(profile, { recursive: true, force: true });
}
