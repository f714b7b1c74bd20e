// Decisions.

export const ALLOWED = Object.freeze({ allowed: true, number: 0, code: "allow", text: "allowed" });

/** What the module said, with the one word that is to be branched on. */
export const decisionOf = (said) => (said.number === 0 ? ALLOWED : Object.freeze({ allowed: false, ...said }));

/** Whether a denial is the same each time: one with its number, its word and its text alone. */
export const isPlain = (decision) => Object.keys(decision).length === 4;
