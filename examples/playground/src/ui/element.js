// Elements: built from data, with text as text. Nothing here, or anywhere on the page, reads markup from a value.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {import("./child.js").Child} Child
 * @typedef {Record<string, unknown>} Attributes `on…` is a listener; `true` an empty attribute; `false` and nothing leave it out
 */

/**
 * Builds an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes | null} [attributes]
 * @param {readonly Child[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Builds an element of a drawing.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes | null} [attributes]
 * @param {readonly Child[]} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes | null | undefined} attributes
 * @param {readonly Child[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/**
 * @param {Element} parent
 * @param {readonly Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child instanceof Array) append(parent, child);
    else if (child !== null && child !== undefined && child !== false) {
      parent.append(child instanceof Node ? child : String(child));
    }
  }
}

/**
 * Puts other content into an element, and the focus and the scrolled lists back where they were: on whatever has the same `id` or `data-key`.
 * @param {Element} container
 * @param {readonly Child[]} children
 */
export function replace(container, ...children) {
  const focused = keyOf(document.activeElement, container);
  const scrolled = [...container.querySelectorAll("[data-scroll]")].map((list) => ({
    key: list.getAttribute("data-scroll"),
    top: list.scrollTop,
    left: list.scrollLeft,
  }));
  container.replaceChildren();
  append(container, children);
  for (const { key, top, left } of scrolled) {
    const list = [...container.querySelectorAll("[data-scroll]")].find((one) => one.getAttribute("data-scroll") === key);
    list?.scrollTo({ top, left });
  }
  if (focused !== null) focusOn(container, focused);
}

/**
 * The key of the focused element, if it is inside.
 * @param {Element | null} element
 * @param {Element} container
 */
function keyOf(element, container) {
  if (element === null || !container.contains(element) || element === container) return null;
  return element.id || element.getAttribute("data-key") || "";
}

/**
 * @param {Element} container
 * @param {string} key
 */
function focusOn(container, key) {
  const same = [...container.querySelectorAll("[id], [data-key]")].find(
    (element) => key !== "" && (element.id === key || element.getAttribute("data-key") === key),
  );
  // What had the focus is gone: the reader goes on at the top of what took its place, not of the page.
  const next = same instanceof HTMLElement && !same.matches(":disabled") ? same : container.querySelector("[data-landing]") ?? container;
  if (next instanceof HTMLElement || next instanceof SVGElement) next.focus({ preventScroll: true });
}
