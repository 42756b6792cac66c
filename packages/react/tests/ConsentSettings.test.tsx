import { beforeEach, expect, test, vi } from "vitest";
import { AccessHistory, ConsentSettings } from "../src/index.ts";
import { after, button, show } from "./page.tsx";

const NOTHING = { mode: "standing", standing_days: 30, consents: [], requests: [] };
const REQUEST = {
  id: "csr_1",
  asked_by: "Kim",
  reason: "Cannot see the invoice",
  scope: "read_only",
  minutes: 10,
  digits: "47",
};
const STANDING = {
  id: "cns_1",
  kind: "standing",
  scope: "full",
  expires_at: "2026-03-01T12:00:00Z",
};

let answers: { status?: number; body: unknown }[];
let said: { method: string; body: unknown }[];

beforeEach(() => {
  answers = [];
  said = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    const { method = "GET", body } = init;
    said.push({ method, body: body ? JSON.parse(String(body)) : null });
    const { status = 200, body: told } = answers.shift() ?? { body: NOTHING };
    return new Response(JSON.stringify(told), { status });
  });
});

async function settings(...given: { status?: number; body: unknown }[]): Promise<HTMLElement> {
  // Rendered strictly, it asks twice.
  answers = [...given, ...given];
  const place = await show(<ConsentSettings locale="en-GB" />);
  await after(() => {});
  answers = [];
  said = [];
  return place;
}

test("a user agrees for as long as the application allows", async () => {
  const place = await settings({ body: NOTHING });
  answers = [{ body: STANDING }, { body: { ...NOTHING, consents: [STANDING] } }];
  await after(() => button("Agree for 30 days").click());
  expect(said).toEqual([
    { method: "POST", body: { do: "agree" } },
    { method: "GET", body: null },
  ]);
  expect(place.textContent).toContain("until 1 March 2026");
  await after(() => button("Take it back").click());
  expect(said.at(-2)?.body).toEqual({ do: "withdraw" });
});

test("a user sees who asks, and answers", async () => {
  const place = await settings({ body: { ...NOTHING, mode: "ask", requests: [REQUEST] } });
  for (const text of ["Kim asks", "10 minutes", "change nothing", "Cannot see", "47"]) {
    expect(place.textContent).toContain(text);
  }
  await after(() => button("Allow").click());
  expect(said[0]?.body).toEqual({ do: "allow", request_id: "csr_1" });
});

test("a code is shown to be read out", async () => {
  const state = { ...NOTHING, mode: "ask", requests: [REQUEST] };
  const place = await settings({ body: state });
  answers = [{ body: { code: "HELP 1234 5678" } }, { body: state }];
  await after(() => button("Show a code to read out").click());
  expect(place.textContent).toContain("HELP 1234 5678");
});

test("a refusal is told in its own words, and nothing is lost", async () => {
  const place = await settings({ body: NOTHING });
  answers = [{ status: 403, body: { detail: "Only the user themself may." } }];
  await after(() => button("Agree for 30 days").click());
  expect(place.querySelector("[role=status]")?.textContent).toBe("Only the user themself may.");
  expect(button("Agree for 30 days").disabled).toBe(false);
});

test.each([
  ["off", "You are asked nothing here."],
  ["ask", "Nobody asks at the moment."],
])("where mode is %s that is said", async (mode, text) => {
  const place = await settings({ body: { ...NOTHING, mode } });
  expect(place.textContent).toContain(text);
});

test("the history comes from the guard where the app gives none", async () => {
  const item = {
    session_id: "ses_1",
    actor: { name: null },
    started_at: "2026-03-01T12:00:00Z",
    ended_at: null,
    scope: "full",
    reason: "Cannot see the invoice",
    ticket: null,
  };
  answers = [{ body: { items: [item] } }, { body: { items: [item] } }];
  const place = await show(<AccessHistory locale="en-GB" />);
  await after(() => {});
  expect(place.textContent).toContain("Support");
});
