// The company is changed by commands of whoever acts, and refusals are said where they happen.

import assert from "node:assert/strict";
import { actAs, answer, ask, begin, onPage, open, openItem } from "./page.js";

onPage("whoever is invited, accepts and works; whoever is suspended, does not", async (page) => {
  await open(page, "Company");
  await actAs(page, "Adam");
  await openItem(page, "Invite somebody");
  await page.getByLabel("Somebody new is called").fill("Nora");
  await page.getByLabel("As", { exact: true }).selectOption({ label: "Viewer" });
  await page.getByLabel("Workspace", { exact: true }).selectOption({ label: "Production" });
  await page.getByLabel("Role here").selectOption({ label: "Developer" });
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  assert.match(await page.locator("#notice").innerText(), /Adam: invite nora@example.com as Viewer; in Production Developer: done.*send the invitation/);

  await openItem(page, "nora@example.com");
  await page.getByRole("button", { name: "Accept as Nora" }).click();
  // The seats are taken: five, with Dave, Vera, Adam, Olga and one to spare.
  assert.match(await page.locator("#notice").innerText(), /Nora: accept the invitation: done/);
  await open(page, "May they?");
  await ask(page, { who: "Nora", may: "operation.run", where: "Production" });
  assert.equal(await answer(page), "Yes allow");

  await open(page, "Company");
  await openItem(page, "Nora");
  await page.getByRole("button", { name: "Suspend" }).click();
  await open(page, "May they?");
  assert.equal(await answer(page), "No person_suspended");

  await open(page, "Company");
  await page.getByRole("button", { name: "Reactivate" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await open(page, "May they?");
  assert.equal(await answer(page), "No not_found");
});

onPage("a refusal is said in words, with its code, where it happened, and nothing changes", async (page) => {
  await open(page, "Company");
  await actAs(page, "Adam");
  await openItem(page, "Olga");
  const version = await page.locator("#toolbar").getByText(/^version/).innerText();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const said = page.locator(".deeds .said");
  assert.match(await said.innerText(), /Refused\s+The person outranks whoever asks\.\s+outranked/);
  assert.equal(await page.locator("#toolbar").getByText(/^version/).innerText(), version);

  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Viewer" });
  await page.getByRole("button", { name: "Change the role" }).click();
  assert.match(await page.locator(".detail form .said").first().innerText(), /Refused/);
});

onPage("what waits for a step up can be carried out after it, at the same place", async (page) => {
  await open(page, "Company");
  await actAs(page, "Olga");
  await openItem(page, "Acme");
  await page.getByLabel("Plan", { exact: true }).selectOption({ label: "Business" });
  await page.getByLabel("Seats bought").fill("6");
  await page.getByRole("button", { name: "Change the plan" }).click();
  await page.getByRole("button", { name: "Authenticate again, and do it" }).click();
  assert.match(await page.locator("#notice").innerText(), /Business with 6 seats: done.*payment provider/);
  assert.match(await page.locator(".figures").innerText(), /Business/);
});

onPage("what would change is shown before it is done", async (page) => {
  await open(page, "Company");
  await actAs(page, "Olga");
  await openItem(page, "Vera");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Admin" });
  await page.locator("form", { hasText: "Change the role" }).getByRole("button", { name: "What would change?" }).click();
  const preview = page.locator(".preview");
  assert.match(await preview.innerText(), /Vera/);
  assert.match(await preview.innerText(), /\+ Create workspaces/);
  await page.getByRole("button", { name: "Change the role" }).click();
  await open(page, "May they?");
  await ask(page, { who: "Vera", may: "workspace.create", where: "Acme" });
  assert.equal(await answer(page), "Yes allow");
});

onPage("an override takes and gives, workspace by workspace", async (page) => {
  await open(page, "Company");
  await actAs(page, "Adam");
  await openItem(page, "Vera");
  const production = page.locator("details.access", { hasText: "Production" });
  await production.getByLabel("Removed").selectOption("operation.run");
  await production.getByLabel("Added").selectOption("resource.edit");
  await production.getByLabel("For how many days").fill("7");
  await production.getByRole("button", { name: "Change the access" }).click();
  // Adam holds both there, so he can give one and take the other.
  assert.match(await page.locator("#notice").innerText(), /\+ Modify workspace resources, − Run operations, until 15 Dec 2026/);
  await open(page, "May they?");
  await ask(page, { who: "Vera", may: "operation.run", where: "Production" });
  assert.equal(await answer(page), "No removed_by_override");
  await ask(page, { may: "resource.edit" });
  assert.equal(await answer(page), "Yes allow");
  await page.getByLabel("Let time go by").selectOption({ label: "+ 7 days" });
  assert.match(await answer(page), /^No/);
});

onPage("workspaces, teams with a rule, and roles of one’s own", async (page) => {
  await begin(page, "agency");
  await open(page, "Company");
  await actAs(page, "Adam");
  await openItem(page, "Make a workspace");
  await page.getByLabel("Its name").fill("Tea");
  await page.getByRole("button", { name: "Make it" }).click();
  await openItem(page, "Make a team");
  await page.getByLabel("Its name").fill("Night shift");
  await page.getByRole("button", { name: "Make it" }).click();
  await openItem(page, "Night shift");
  await page.getByRole("button", { name: "Put Edo in" }).click();
  await openItem(page, "Tea");
  await page.getByLabel("For", { exact: true }).selectOption({ label: "Night shift" });
  await page.getByLabel("Given").selectOption("content.approve");
  await page.getByRole("button", { name: "Set the rule" }).click();
  await open(page, "May they?");
  await ask(page, { who: "Edo", may: "content.approve", where: "Tea" });
  assert.equal(await answer(page), "Yes allow");
  assert.match(await page.locator(".layers").innerText(), /team Night shift gives it/);

  // In this catalog nobody but the platform makes roles.
  await open(page, "Company");
  await actAs(page, "The platform");
  await openItem(page, "Make a role");
  await page.getByLabel("What people call it").fill("Proof reader");
  await page.getByLabel("Like").selectOption({ label: "Viewer" });
  await page.getByLabel("Reaches").selectOption({ label: "every workspace" });
  await page.getByLabel("Permissions").selectOption("content.comment");
  await page.getByRole("button", { name: "Make the role" }).click();
  await openItem(page, "Proof reader");
  await open(page, "Matrix");
  assert.match(await page.locator(".matrix thead").innerText(), /Proof reader/);
});

onPage("a share opens a resource, and closing it closes it", async (page) => {
  await begin(page, "production");
  await open(page, "Company");
  await actAs(page, "Petra");
  await openItem(page, "Pilot");
  await page.getByLabel("With", { exact: true }).selectOption({ label: "Tia" });
  await page.getByRole("button", { name: "Share", exact: true }).last().click();
  await open(page, "May they?");
  await ask(page, { who: "Tia", may: "script.view", where: "Pilot" });
  assert.equal(await answer(page), "Yes allow");
  await open(page, "Company");
  await page.getByRole("button", { name: "Close the share with Tia" }).click();
  await open(page, "May they?");
  assert.equal(await answer(page), "No not_shared");

  await open(page, "Company");
  await openItem(page, "Put something in");
  await page.getByLabel("Its name").fill("Finale");
  await page.getByLabel("Personal, of").selectOption({ label: "Ed" });
  await page.getByRole("button", { name: "Put it in" }).click();
  await page.getByRole("button", { name: "Share", exact: true }).last().click();
  assert.match(await page.locator(".detail .said").last().innerText(), /Refused/);
});
