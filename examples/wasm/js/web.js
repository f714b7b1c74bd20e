// For bundlers and browsers: the module is fetched from beside this file, and is there when the import is done.
import { init } from "./core.js";

export * from "./api.js";

await init(new URL("./bailiwick.wasm", import.meta.url));
