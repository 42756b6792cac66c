import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Session } from "../../api/types";
import { session, subject } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { EndedNotice } from "./EndedNotice";

const OVER = { ended_at: "2026-06-01T12:03:00Z", end_cause: "ended_by_actor" } as const;

async function comeBack(from: Session) {
  const calls = service({ "GET /sessions/ses_1": from });
  await arrive("ses_1");
  await waitFor(() => expect(calls).toHaveLength(1));
  await new Promise((done) => setTimeout(done, 50));
}

async function arrive(sessionId: string | undefined) {
  await show(
    <main>
      <EndedNotice sessionId={sessionId} subject={subject()} />
    </main>,
  );
}

function saidInAll(): string | null {
  return screen.getByRole("main").textContent;
}

it("says how it ended, how long it was, and leads to the ticket from which it began", async () => {
  await comeBack(session({ ...OVER, ticket: "https://desk.example/tickets/4812" }));
  expect(screen.getByText("You ended the session. It lasted 3 min.")).toBeTruthy();
  const link = screen.getByRole("link", { name: "Back to the ticket" });
  expect(link.getAttribute("href")).toBe("https://desk.example/tickets/4812");
});

it.each(["SUP-481", "javascript:alert(1)", "https://"])("makes no link of %s", async (ticket) => {
  await comeBack(session({ ...OVER, ticket }));
  expect(screen.queryByRole("link")).toBeNull();
  expect(screen.getByText(`Ticket ${ticket}`)).toBeTruthy();
});

it("waits for an end that the service does not know yet", async () => {
  await comeBack(session());
  expect(screen.getByText("Your session in this account is ending.")).toBeTruthy();
});

it.each([
  ["somebody else’s", { actor: { kind: "operator", id: "opr_tom", email: null, name: "Tom" } }],
  [
    "one of an actor whom an application named",
    { actor: { kind: "named_by_application", id: "opr_sam", email: null, name: "Sam" } },
  ],
  ["one in another account", { subject: { id: "boris", email: null, name: "Boris" } }],
  ["one in another app", { application_id: "app_shop" }],
] as const)("says nothing of %s, whoever made the address up", async (_whose, change) => {
  await comeBack(session({ ...OVER, ...change }));
  expect(saidInAll()).toBe("");
});

it("says nothing of a session that nobody may see", async () => {
  const calls = service({ "GET /sessions/ses_1": problem(404, { code: "not_found" }) });
  await arrive("ses_1");
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(saidInAll()).toBe("");
});

it("asks for nothing where the address names no session", async () => {
  const calls = service({});
  await arrive(undefined);
  expect(saidInAll()).toBe("");
  expect(calls).toEqual([]);
});
