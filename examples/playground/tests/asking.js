// MAY THEY? The answer, where it comes from, and what would turn it.

import assert from "node:assert/strict";
import { answer, ask, begin, onPage, open } from "./page.js";

onPage("the first company asks a question that is worth asking, and says why the answer is no", async (page) => {
  assert.equal(await answer(page), "No removed_by_override");
  const bands = await page.locator(".band").evaluateAll((all) => all.map((band) => band.textContent));
  assert.match(String(bands[0]), /Inherited from roles.*Role Developer gives it/);
  assert.match(bands.join(), /The access row removes it/);
  assert.equal(await page.locator(".gate.answered .name").innerText(), "granted");
  assert.equal(await page.locator(".gate.unasked").count(), 3);
});

onPage("the wire is full where the permission is held, and empty below what takes it", async (page) => {
  assert.match((await page.locator(".band").nth(0).getAttribute("class")) ?? "", /in-free out-held/);
  assert.match((await page.locator(".band", { hasText: "own row" }).getAttribute("class")) ?? "", /in-held out-free/);
  assert.equal(await page.locator(".outcome .end.held").count(), 0);
  await ask(page, { may: "operation.run" });
  assert.equal(await answer(page), "Yes allow");
  assert.equal(await page.locator(".outcome .end.held").count(), 1);
});

onPage("a button carries the nearest change out, and the answer turns", async (page) => {
  const turn = page.getByRole("region", { name: "What would turn the answer" });
  await turn.getByRole("button", { name: "Do it as Adam" }).first().click();
  assert.equal(await answer(page), "Yes allow");
  assert.match(await page.locator("#notice").innerText(), /Adam: .*Production.*done, version \d+/);
  await page.getByRole("region", { name: "What would turn the answer" }).getByRole("button", { name: /^Do it as/ }).first().click();
  assert.match(await answer(page), /^No /);
});

onPage("a cell of the board asks its question", async (page) => {
  await page.getByRole("button", { name: /^Vera, Use agents: Yes$/ }).click();
  assert.equal(await answer(page), "Yes allow");
  assert.match(await page.locator(".verdict .asked").innerText(), /^Vera, Use agents, in Production/);
  await page.getByRole("button", { name: /^Vera, Modify workspace resources: No, not_granted$/ }).click();
  assert.equal(await answer(page), "No not_granted");
});

onPage("the board says what the answer says, cell by cell", async (page) => {
  const cells = await page.locator(".board .cell").evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label") ?? ""));
  assert.ok(cells.length > 30);
  for (const label of cells.filter((_, at) => at % 5 === 0)) {
    await page.getByRole("button", { name: label, exact: true }).click();
    const [word, code = "allow"] = (label.split(": ").at(-1) ?? "").split(", ");
    assert.equal(await answer(page), `${word} ${code}`, label);
  }
});

onPage("what waits for something to be shown is not yet, and yes once it is shown", async (page) => {
  await ask(page, { who: "Olga", may: "subscription.change", where: "Acme" });
  assert.equal(await answer(page), "Not yet step_up");
  await page.getByRole("button", { name: "Show it" }).click();
  assert.equal(await answer(page), "Yes allow");
  await page.getByLabel("has just authenticated again").uncheck();
  assert.equal(await answer(page), "Not yet step_up");
});

onPage("a stranger is told as little as about what is not there", async (page) => {
  await ask(page, { who: "Mallory" });
  assert.equal(await answer(page), "No not_found");
  assert.equal(await page.locator(".gate.answered .name").innerText(), "belongs to it");
  assert.equal(await page.locator(".layers").count(), 0);
});

onPage("a resource is answered by sight and shares", async (page) => {
  await begin(page, "production");
  assert.equal(await answer(page), "No not_shared");
  await ask(page, { who: "Ed" });
  assert.equal(await answer(page), "Yes allow");
  assert.match(await page.locator(".layers").innerText(), /The share to the user gives it/);
  await ask(page, { who: "Olga", where: "Ed’s diary" });
  assert.equal(await answer(page), "No private");
});

onPage("a link of somebody else’s that asks for what is not there is answered in words", async (page) => {
  assert.match(await page.locator("#panel").innerText(), /unknown_name|there is no permission/);
  await open(page, "Matrix");
}, { hash: "#tab=ask&who=00000002-0000-0000-0000-000000000001&may=no.such&in=organization" });
