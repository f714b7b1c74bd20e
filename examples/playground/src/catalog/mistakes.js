// Mistakes: each with its place, to be jumped to, and with what was probably meant, to be put in.

import { h } from "../ui/element.js";

/** @typedef {import("../package.js").Mistake} Mistake */

/**
 * @param {readonly Mistake[]} mistakes
 * @param {string} text in which they are
 * @param {(mistake: Mistake) => void} goTo
 * @param {(text: string) => void} put
 */
export function mistakeList(mistakes, text, goTo, put) {
  return h(
    "ol",
    { class: "mistakes" },
    mistakes.map((mistake, at) => {
      const mended = mend(text, mistake);
      return h(
        "li",
        null,
        h(
          "button",
          { type: "button", class: "mistake", "data-key": `mistake ${at}`, onclick: () => goTo(mistake) },
          h("span", { class: "took number" }, mistake.place === null ? "✕ somewhere" : `✕ line ${mistake.place.line}`),
          h("span", null, mistake.path === "" ? null : h("code", { class: "quiet" }, `${mistake.path}: `), mistake.text),
        ),
        mended && h("button", { type: "button", class: "button small", "data-key": `mend ${at}`, onclick: () => put(mended.text) }, "Put in ", h("code", null, mended.meant)),
      );
    }),
  );
}

/**
 * The text with what was probably meant in the place of what stands there; nothing, where that is not said.
 * @param {string} text
 * @param {Mistake} mistake
 */
function mend(text, { text: says, place }) {
  const meant = /did you mean `([^`]+)`\?$/.exec(says)?.[1];
  if (meant === undefined || place === null) return null;
  const [before, there, after] = [text.slice(0, place.offset), text.slice(place.offset, place.offset + place.length), text.slice(place.offset + place.length)];
  const wrong = /`([^`]+)`/.exec(says)?.[1];
  if (wrong === undefined || !there.includes(wrong)) return null;
  return { meant, text: `${before}${there.replace(wrong, () => meant)}${after}` };
}
