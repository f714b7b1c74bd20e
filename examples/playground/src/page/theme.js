// Light or dark: as the system says, until somebody says otherwise.

const KEPT = "bailiwick.theme";

/** @typedef {"system" | "light" | "dark"} Theme */

/** @type {readonly { value: Theme, text: string }[]} */
export const THEMES = [
  { value: "system", text: "System colors" },
  { value: "light", text: "Light" },
  { value: "dark", text: "Dark" },
];

/** @returns {Theme} */
export function theme() {
  const said = document.documentElement.dataset.theme;
  return said === "light" || said === "dark" ? said : "system";
}

/** @param {string} value */
export function setTheme(value) {
  if (value === "light" || value === "dark") document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  try {
    localStorage.setItem(KEPT, theme());
  } catch {
    // Where nothing can be kept, the choice holds for as long as the page is open.
  }
}

/** Sets what was chosen before. */
export function restoreTheme() {
  try {
    setTheme(localStorage.getItem(KEPT) ?? "system");
  } catch {
    setTheme("system");
  }
}
