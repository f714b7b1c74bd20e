// Lines of tables: the words that they are made of.

/** Splits at spaces; `"…"` is kept together, everything after `#` is dropped; `#1` is the number of a lot. */
export function split(line) {
  const words = [];
  let [word, quoted, begun] = ["", false, false];
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at];
    if (letter === '"') [quoted, begun] = [!quoted, true];
    else if (letter === "#" && !quoted && !begun && !/[0-9]/.test(line[at + 1] ?? "")) break;
    else if (/\s/.test(letter) && !quoted) {
      if (begun) words.push(word);
      [word, begun] = ["", false];
    } else [word, begun] = [word + letter, true];
  }
  if (begun) words.push(word);
  return words;
}

/** Whether a word names requirement rows: `S1-75`, `C-09`, or several joined by commas. */
export const isRow = (word) => word.split(",").every((row) => /^(S[0-3]|C|D)-[0-9]{2,}$/.test(row));

/** Who does what, with which arguments, and what is given. */
export function stepOf(words) {
  const at = words.indexOf("given");
  const [[who, verb = "", ...args], given] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at + 1)];
  return {
    who,
    verb,
    args,
    given,
    /** The arguments without `=`. */
    plain: args.filter((argument) => !argument.includes("=")),
    /** The value of a key. */
    option: (key) => args.find((argument) => argument.startsWith(`${key}=`))?.slice(key.length + 1),
    /** The values of a key that may stand several times. */
    options: (key) => args.filter((argument) => argument.startsWith(`${key}=`)).map((argument) => argument.slice(key.length + 1)),
    /** The words that the value of a key is made of. */
    list: (key) => listOf(args.find((argument) => argument.startsWith(`${key}=`))?.slice(key.length + 1)),
  };
}

export const listOf = (joined) => (joined ? joined.split(",") : []);

/** A table that cannot be read. */
export class TableError extends Error {}
