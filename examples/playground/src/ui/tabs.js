// Tabs: one of several panels is shown; arrow keys, Home and End move between them.

import { h } from "./element.js";

/**
 * @typedef {{ key: string, title: string }} Tab
 */

/**
 * Puts tabs into a list and calls back with the one that was chosen.
 * @param {HTMLElement} list
 * @param {HTMLElement} panel that they all show
 * @param {Tab[]} tabs
 * @param {(key: string) => void} chosen
 * @returns {(key: string) => void} shows which one is chosen
 */
export function makeTabs(list, panel, tabs, chosen) {
  const buttons = tabs.map((tab, at) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${tab.key}`,
        "aria-controls": panel.id,
        onclick: () => chosen(tab.key),
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          const next = neighbour(event.key, at, tabs.length);
          if (next === null) return;
          event.preventDefault();
          chosen(/** @type {Tab} */ (tabs[next]).key);
          buttons[next]?.focus();
        },
      },
      tab.title,
    ),
  );
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Parts of the page");
  list.replaceChildren(...buttons);
  panel.setAttribute("role", "tabpanel");
  return (key) => {
    for (const [at, tab] of tabs.entries()) {
      const selected = tab.key === key;
      buttons[at]?.setAttribute("aria-selected", String(selected));
      buttons[at]?.setAttribute("tabindex", selected ? "0" : "-1");
      if (selected) panel.setAttribute("aria-labelledby", `tab-${key}`);
    }
  };
}

/**
 * The position that a key leads to, in a row that closes to a ring.
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
function neighbour(key, at, count) {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
