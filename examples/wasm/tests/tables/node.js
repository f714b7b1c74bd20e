// The tables in Node: over the store in memory, and over one in JavaScript.
import { readdirSync, readFileSync } from "node:fs";
import * as api from "bailiwick";
import { runAll } from "./run.js";
import { MapStore } from "./store.js";

const folder = new URL("../../../../tests/cases/", import.meta.url);
const isTable = (name) => name.endsWith(".txt") && name !== "rows.txt" && name !== "codes.txt";
const wanted = process.argv[2];
const names = readdirSync(folder).filter(isTable).filter((name) => wanted === undefined || name === wanted).sort();
const files = names.map((name) => [name, readFileSync(new URL(name, folder), "utf8")]);

const memory = runAll(api, ({ Tenants }, catalog) => Tenants.inMemory(catalog), "memory", files, console.log);
const quiet = (line) => /^(all|callbacks|\S+:\d+:)/.test(line) && console.log(line);
const callbacks = runAll(api, ({ Tenants }, catalog) => Tenants.over(catalog, new MapStore()), "callbacks", files, quiet);
process.exitCode = memory.wrong + callbacks.wrong > 0 || memory.lines === 0 || memory.lines !== callbacks.lines ? 1 : 0;
