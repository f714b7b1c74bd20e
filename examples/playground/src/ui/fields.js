// Fields: each with a label, a key by which the focus finds it again, and a value that is read when it is needed.

import { h } from "./element.js";

/**
 * @typedef {import("./child.js").Child} Child
 * @typedef {{ value: string, text: string }} Option
 * @typedef {{ label: string, options: readonly Option[] }} Group one without a label stands by itself
 */

let count = 0;

/** An id for a label to point to. */
function freshId() {
  count += 1;
  return `field-${count}`;
}

/**
 * A choice without a visible label.
 * @param {{ key: string, label: string, value: string, groups: readonly Group[], change?: (value: string) => void }} what
 */
export function select({ key, label, value, groups, change }) {
  const filled = groups.filter((group) => group.options.length > 0);
  const known = filled.some((group) => group.options.some((option) => option.value === value));
  const element = h(
    "select",
    {
      "data-key": key,
      "aria-label": label,
      onchange: change && ((/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.currentTarget).value)),
    },
    known ? null : h("option", { value }, value === "" ? "–" : value),
    filled.map((group) => (group.label === "" ? group.options.map(option) : h("optgroup", { label: group.label }, group.options.map(option)))),
  );
  element.value = value;
  return element;
}

/** @param {Option} what */
function option({ value, text }) {
  return h("option", { value }, text);
}

/**
 * Something to fill in, with its label above.
 * @template {HTMLElement} E
 * @param {string} label
 * @param {E} control
 * @param {string} [more] another class
 */
export function field(label, control, more = "") {
  control.id ||= freshId();
  control.removeAttribute("aria-label");
  return h("div", { class: `field ${more}` }, h("label", { for: control.id }, label), control);
}

/**
 * A line of text.
 * @param {string} key
 * @param {{ value?: string, placeholder?: string, required?: boolean, type?: string, min?: number }} [what]
 */
export function input(key, { value = "", placeholder, required = false, type = "text", min } = {}) {
  return h("input", { type, "data-key": key, value, placeholder, required, min, autocomplete: "off", spellcheck: "false" });
}

/**
 * A whole number, from nothing up.
 * @param {string} key
 * @param {number} value
 */
export function amount(key, value) {
  return input(key, { type: "number", value: String(value), min: 0, required: true });
}

/**
 * Several of many: what is chosen stands beside it, each to be taken away again.
 * @param {string} key
 * @param {string} label
 * @param {readonly Group[]} groups
 * @param {readonly string[]} chosen
 * @returns {{ element: HTMLElement, values: () => string[] }}
 */
export function several(key, label, groups, chosen) {
  const values = new Set(chosen);
  const text = new Map(groups.flatMap((group) => group.options.map((option) => [option.value, option.text])));
  const list = h("ul", { class: "chips" });
  const add = select({ key, label, value: "", groups: [{ label: "", options: [{ value: "", text: "add …" }] }, ...groups] });
  add.addEventListener("change", () => {
    if (add.value !== "") values.add(add.value);
    add.value = "";
    show();
  });
  const show = () =>
    list.replaceChildren(
      ...[...values].map((value) =>
        h(
          "li",
          { class: "chip" },
          text.get(value) ?? value,
          h("button", { type: "button", class: "chip-close", "aria-label": `Take ${text.get(value) ?? value} away`, onclick: () => {
            values.delete(value);
            show();
            add.focus();
          } }, "×"),
        ),
      ),
    );
  show();
  return { element: h("div", { class: "field several" }, h("span", { class: "label", "aria-hidden": "true" }, label), add, list), values: () => [...values] };
}
