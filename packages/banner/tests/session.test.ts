import { expect, test } from "vitest";
import { readSession } from "../src/session.ts";
import { at, attributes } from "./markup.ts";
import { session } from "./page.ts";

function dataset(given: Record<string, string>): DOMStringMap {
  const holder = document.createElement("div");
  for (const [name, value] of Object.entries(given)) holder.setAttribute(name, value);
  return holder.dataset;
}

test("every attribute of the contract is read", () => {
  expect(session()).toEqual({
    id: "session-1",
    subject: "Ada Lovelace",
    subjectEmail: "ada@acme.example",
    organization: "Acme",
    actor: "Sam Support",
    actorEmail: "sam@support.example",
    scope: "read_only",
    ticket: "SUP-481",
    reason: "Cannot see the March invoice",
    endsAt: Date.parse(at(1_601)),
    idleAt: Date.parse(at(1_601)),
    serverNow: Date.parse(at(0)),
    stateUrl: "https://app.example/_understudy/state",
    eventsUrl: "https://app.example/_understudy/events",
    stayUrl: "https://app.example/_understudy/stay?session=session-1",
    endUrl: "https://app.example/_understudy/end",
    revealUrl: "",
    returnUrl: null,
  });
});

test.each([
  ["600", 600],
  ["", 1_601],
  ["soon", 1_601],
])("resting for %o seconds ends it %i seconds later", (given, seconds) => {
  expect(session({ "data-idle-seconds": given }).idleAt).toBe(Date.parse(at(seconds)));
});

test("there is a stream where its address is given, and at no other address", () => {
  expect(session({ "data-events": "/live" }).eventsUrl).toBe("https://app.example/live");
  expect(session({ "data-events": "" }).eventsUrl).toBe("");
});

test("what is hidden is asked for where the app says so, and nowhere else", () => {
  const own = "/_understudy/reveal?_understudy_page=s";
  expect(session({ "data-reveal": own }).revealUrl).toBe(`https://app.example${own}`);
  expect(session({ "data-reveal": "https://elsewhere.example/" }).revealUrl).toBe("");
});

test("an e-mail stands in for a name that is not given", () => {
  const { subject, actor } = session({ "data-subject": "", "data-actor": "" });
  expect([subject, actor]).toEqual(["ada@acme.example", "sam@support.example"]);
});

test("a subject without name and e-mail is still said to be another user", () => {
  expect(session({ "data-subject": "", "data-subject-email": "" }).subject).toBe("another user");
});

test.each([
  ["https://elsewhere.example/state"],
  ["javascript:alert(1)"],
  ["//elsewhere.example/state"],
])("the state is never asked of %s", (given) => {
  expect(session({ "data-state": given, "data-end": given })).toMatchObject({
    stateUrl: "https://app.example/_understudy/state",
    endUrl: "https://app.example/_understudy/end",
  });
});

test("the way back may lead to another host, but never into a script", () => {
  expect(session({ "data-return": "https://desk.example/t/481" }).returnUrl).toBe(
    "https://desk.example/t/481",
  );
  expect(session({ "data-return": "javascript:alert(1)" }).returnUrl).toBeNull();
});

test.each([
  ["data-ends-at", ""],
  ["data-server-now", "today"],
  ["data-scope", "everything"],
])("attributes with %s=%o describe no session", (name, value) => {
  expect(
    readSession(dataset({ ...attributes(), [name]: value }), "https://app.example/"),
  ).toBeNull();
});
