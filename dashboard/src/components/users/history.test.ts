// @vitest-environment node
import { expect, it } from "vitest";
import { grant, pastSession, session } from "../../test/made";
import { doneIn, historyOf } from "./history";

it("lists sessions and the requests that never became one, newest first", () => {
  const sessions = [
    session({ id: "ses_1", grant_id: "grt_1", started_at: "2026-06-01T10:00:00Z" }),
    session({ id: "ses_2", grant_id: "grt_2", started_at: "2026-06-01T12:00:00Z" }),
  ];
  const grants = [
    grant({ id: "grt_1", status: "closed" }),
    grant({ id: "grt_3", status: "expired", created_at: "2026-06-01T11:00:00Z" }),
    grant({ id: "grt_4", status: "ready", created_at: "2026-06-01T13:00:00Z" }),
  ];
  expect(historyOf(sessions, grants, []).map(({ id }) => id)).toEqual([
    "grt_4",
    "ses_2",
    "grt_3",
    "ses_1",
  ]);
});

it("does not call a grant unused only because its session is on another page", () => {
  const used = [grant({ id: "grt_8", status: "closed" }), grant({ id: "grt_9", status: "active" })];
  expect(historyOf([], used, [])).toEqual([]);
});

it("tells beside each session what was done in it, as far as that is loaded", () => {
  const sessions = [session({ id: "ses_1" }), session({ id: "ses_2", grant_id: "grt_2" })];
  const past = pastSession({ session_id: "ses_2" });
  const visits = historyOf(sessions, [], [past]);
  expect(visits.map((visit) => [visit.id, visit.past])).toEqual([
    ["ses_1", undefined],
    ["ses_2", past],
  ]);
});

it("counts what was done, and leaves out what was not", () => {
  expect(doneIn({ reads: 1_204, changes: 1, refused: 2 })).toBe(
    "1,204 pages read, 1 change, 2 refused",
  );
  expect(doneIn({ reads: 0, changes: 2, refused: 0 })).toBe("2 changes");
  expect(doneIn({ reads: 0, changes: 0, refused: 0 })).toBe("nothing done");
});
