// For Node: the module lies beside this file, and is there when the import is done.
import { readFileSync } from "node:fs";
import { initSync } from "./core.js";

export * from "./api.js";

initSync(readFileSync(new URL("./bailiwick.wasm", import.meta.url)));
