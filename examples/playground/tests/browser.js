// A headless browser, and the page served for it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../serve.js";

/** It asks nobody for anything by itself. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts both, with a profile that is gone afterwards. */
export async function start() {
  const server = await serve(0);
  const profile = await mkdtemp(join(tmpdir(), "playground-"));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET, env: { ...process.env, HOME: profile } });
  const stop = async () => {
    await browser.close();
    server.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { url: server.url, browser, stop };
}
