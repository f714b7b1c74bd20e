// The tables in a browser, and the hostile calls: what the page says is what the program in Node says.
import * as api from "bailiwick";
import { runAll } from "./run.js";
import { MapStore } from "./store.js";

const files = await (await fetch("/cases.json")).json();
const memory = runAll(api, ({ Tenants }, catalog) => Tenants.inMemory(catalog), "memory", files, console.log);
const quiet = (line) => /^(all|callbacks|\S+:\d+:)/.test(line) && console.log(line);
const callbacks = runAll(api, ({ Tenants }, catalog) => Tenants.over(catalog, new MapStore()), "callbacks", files, quiet);
const { outcome } = await import("../hostile.js");
globalThis.finished = { wrong: memory.wrong + callbacks.wrong + outcome.failed, lines: memory.lines };
