// @vitest-environment node
import { expect, it } from "vitest";
import { grant, session } from "../../test/made";
import { historyOf } from "./history";

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
  expect(historyOf(sessions, grants).map(({ id }) => id)).toEqual([
    "grt_4",
    "ses_2",
    "grt_3",
    "ses_1",
  ]);
});

it("does not call a grant unused only because its session is on another page", () => {
  const used = [grant({ id: "grt_8", status: "closed" }), grant({ id: "grt_9", status: "active" })];
  expect(historyOf([], used)).toEqual([]);
});
