import { screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { admin, delivery, webhook } from "../../test/made";
import { show } from "../../test/render";
import { page, problem, service } from "../../test/service";
import { Deliveries } from "./Deliveries";

const NOW = Date.parse("2026-06-01T12:00:30Z");
const PENDING = delivery({
  status: "pending",
  attempts: 2,
  next_attempt_at: "2026-06-01T12:05:30Z",
  settled_at: null,
});
const TEST = delivery({ id: "msg_2", kind: "test", event_type: null, entry_index: null });

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true, now: NOW }));
afterEach(() => void vi.useRealTimers());

it("tells of each message where it stands and when it is tried again", async () => {
  service({ "GET /webhooks/whe_1/deliveries": page(PENDING, TEST) });
  await show(<Deliveries webhook={webhook()} status={undefined} />, { as: admin() });
  const table = await screen.findByRole("table", { name: "Deliveries, newest first" });
  await within(table).findByRole("link", { name: "Session started" });
  const [, first, second] = within(table).getAllByRole("row");
  expect(first?.textContent).toContain("On its way2 · next in 5 min");
  expect(second?.textContent).toContain("Test messageDelivered1");
});

it("asks the service for one state only", async () => {
  const calls = service({ "GET /webhooks/whe_1/deliveries": page() });
  await show(<Deliveries webhook={webhook()} status="failed" />, { as: admin() });
  await screen.findByText("No delivery is in this state");
  expect(calls[0]?.query.get("status")).toBe("failed");
});

it("looks again soon while something is on its way", async () => {
  const calls = service({
    "GET /webhooks/whe_1/deliveries": () => page(calls.length > 1 ? delivery() : PENDING),
  });
  await show(<Deliveries webhook={webhook()} status={undefined} />, { as: admin() });
  await screen.findByText("On its way", { selector: "td *" });
  await vi.advanceTimersByTimeAsync(3_500);
  expect(await screen.findByText("Delivered", { selector: "td *" })).toBeTruthy();
});

it("says so when it cannot load", async () => {
  service({ "GET /webhooks/whe_1/deliveries": problem(503, { detail: "The database is away." }) });
  await show(<Deliveries webhook={webhook()} status={undefined} />, { as: admin() });
  expect((await screen.findByRole("alert")).textContent).toContain("The database is away.");
});
