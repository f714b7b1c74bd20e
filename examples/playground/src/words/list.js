// Lists and numbers in words.

const NUMBER = new Intl.NumberFormat("en-US");

/** @param {number} value */
export function number(value) {
  return NUMBER.format(value);
}

/**
 * `1 seat`, `2 seats`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * `a, b and c`.
 * @param {readonly string[]} words
 */
export function listed(words) {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/**
 * The word of a key, such as `past_due`, for people.
 * @param {string} key
 */
export function spaced(key) {
  return key.replaceAll("_", " ");
}

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
