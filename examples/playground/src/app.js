// The page as a whole: the session, what is chosen on the page, and how both are changed.

/**
 * @typedef {import("./session/session.js").Session} Session
 * @typedef {import("./session/moment.js").Outcome} Outcome
 * @typedef {import("./session/story.js").Attempt} Attempt
 * @typedef {import("./session/story.js").Given} Given
 * @typedef {import("./session/story.js").Story} Story
 * @typedef {import("./companies/index.js").Asked} Asked
 * @typedef {import("./words/command.js").Names} Names
 * @typedef {import("./ui/child.js").Child} Child
 *
 * @typedef {object} Chosen what is chosen on the page; no part of the company
 * @property {string} tab
 * @property {Asked} asked
 * @property {Given} given what whoever asks has shown
 * @property {string} search in the matrix
 * @property {string} by who acts in the company: a user or `system`
 * @property {string} item what of the company is open, such as `person:…`
 * @property {string | null} draft the text in the editor, where it is not the one in force
 * @property {{ from: string, to: string, moves: string | null }} compared
 *
 * @typedef {object} App
 * @property {Session} session
 * @property {Chosen} chosen
 * @property {() => Names} names
 * @property {(changes: Partial<Chosen>) => void} choose something else, and see it
 * @property {(text: string, ...actions: Child[]) => void} say something at the head of the page
 * @property {(story: Story, asked: Asked | null) => void} begin another session
 *
 * @typedef {object} Part one of the parts that the tabs show
 * @property {string} key
 * @property {string} title
 * @property {(app: App) => Child} render
 */

export {};
