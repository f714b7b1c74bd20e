// What somebody shows who is signed in as well as anybody asks.

/**
 * @typedef {import("../app.js").App} App
 * @typedef {import("../app.js").Given} Given
 */

/**
 * Authenticated just now, with a second factor, through the provider that the plan or the organization requires.
 * @param {App} app
 * @returns {Given}
 */
export function shownByHeart({ session }) {
  const { description } = session.shown;
  const view = session.shown.view();
  const provider = description.plans.find(({ key }) => key === view?.plan)?.identity_provider ?? view?.snapshot.profile?.provider;
  return { fresh: true, factor: true, ...(provider == null ? {} : { provider }) };
}
