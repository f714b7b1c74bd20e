/** `bailiwick/core`: the same as `bailiwick`, with the module still to be loaded. Until then everything throws `null`. */
export * from "./index.js";

/** Loads the module from an address, a response, its bytes, or as it was compiled. */
export function init(source: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module): Promise<void>;
/** The same from its bytes, at once. */
export function initSync(source: BufferSource | WebAssembly.Module): void;
