// The companies that come with the presets: each tells its story as it was meant.

import assert from "node:assert/strict";
import { answer, begin, onPage, open } from "./page.js";

/** What is refused in each story, in order, and what its first question is answered. */
const STORIES = {
  cloud: { refused: ["owners_only", "outranked", "last_owner", "denied"], first: "No removed_by_override", people: 5 },
  studio: { refused: ["denied", "denied", "last_owner", "step_up", "denied"], first: "No not_granted", people: 4 },
  production: { refused: ["seat_limit", "outranked", "last_owner", "denied"], first: "No not_shared", people: 5 },
  agency: { refused: ["lacks_permission", "override_not_allowed"], first: "No removed_by_override", people: 6 },
};

for (const [preset, { refused, first, people }] of Object.entries(STORIES)) {
  onPage(`the company on ${preset} is there, with its refusals`, async (page) => {
    await begin(page, preset);
    await open(page, "May they?");
    assert.equal(await answer(page), first);
    assert.equal(await page.locator(".board thead th").count(), people);
    await open(page, "Timeline");
    const codes = await page.locator(".timeline .took code").allInnerTexts();
    assert.deepEqual(codes.toReversed(), refused);
    await open(page, "Matrix");
    assert.ok((await page.locator(".matrix .sign.gave").count()) > 20);
    await open(page, "Credits");
    assert.ok((await page.locator(".lots > li").count()) >= 1);
  });
}

onPage("whoever begins anew can go back to what was there", async (page) => {
  await begin(page, "agency");
  assert.equal(await page.locator(".board thead th").count(), 6);
  await page.getByRole("button", { name: "Back to what was here before" }).click();
  assert.equal(await answer(page), "No removed_by_override");
  assert.match(await page.locator("#toolbar").innerText(), /Acme/);
});
