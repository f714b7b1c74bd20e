// The same, with the module still to be loaded: for those who decide themselves where it comes from.
import load, { initSync as loadNow } from "./raw.js";
import { open } from "./door.js";

export * from "./api.js";

export async function init(source) {
  await load({ module_or_path: source });
  open();
}

export function initSync(source) {
  loadNow({ module: source });
  open();
}
