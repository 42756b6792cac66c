import { act, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { endSession, revokeSession } from "../../api/impersonations";
import { session } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { BeingLogged } from "./BeingLogged";

const NOW = Date.parse("2026-06-01T12:03:00Z");
const PAUSE = 5_000;
const HOUR = 60 * 60 * 1_000;

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true, now: NOW }));

function ended(logged: boolean): Response {
  return Response.json(
    { ...session({ ended_at: "2026-06-01T12:03:00Z" }), effective: true, logged },
    { status: logged ? 200 : 202 },
  );
}

function later(time: number) {
  return act(() => vi.advanceTimersByTimeAsync(time));
}

it("says that a session is over and being logged, and repeats that until it is", async () => {
  const answers = [ended(false), problem(503, { code: "unavailable" }), ended(false), ended(true)];
  const calls = service({ "POST /sessions/ses_1/end": () => answers.shift() });
  await show(<BeingLogged />);
  expect((await act(() => endSession("ses_1"))).effective).toBe(true);
  expect(screen.getByRole("status").textContent).toContain("Ended; being loggedA session is over");
  await later(2 * PAUSE);
  expect(screen.getByText("Ended; being logged")).toBeTruthy();
  await later(PAUSE);
  expect(screen.queryByText("Ended; being logged")).toBeNull();
  await later(HOUR);
  expect(calls).toHaveLength(4);
});

it("says nothing of an ending that is in the log", async () => {
  const calls = service({ "POST /sessions/ses_1/revoke": () => ended(true) });
  await show(<BeingLogged />);
  await act(() => revokeSession("ses_1"));
  await later(PAUSE);
  expect(screen.queryByText("Ended; being logged")).toBeNull();
  expect(calls).toHaveLength(1);
});

it("repeats at one pace, however often somebody presses", async () => {
  const answers = [ended(false), ended(false), ended(true)];
  const calls = service({ "POST /sessions/ses_1/end": () => answers.shift() });
  await show(<BeingLogged />);
  await act(() => endSession("ses_1"));
  await act(() => endSession("ses_1"));
  await later(HOUR);
  expect(calls).toHaveLength(3);
});

it("leaves it at the session's own end, which needs no log", async () => {
  const calls = service({ "POST /sessions/ses_1/end": () => ended(false) });
  await show(<BeingLogged />);
  await act(() => endSession("ses_1"));
  await later(HOUR);
  expect(screen.queryByText("Ended; being logged")).toBeNull();
  expect(calls.length).toBeLessThan(1 + (27 * 60_000) / PAUSE);
});

it("repeats what is over on one node alone, which was an error to whoever asked", async () => {
  const answers = [problem(503, { code: "ended_here_only" }), ended(true)];
  const calls = service({ "POST /sessions/ses_1/revoke": () => answers.shift() });
  await show(<BeingLogged />);
  await act(() => expect(revokeSession("ses_1")).rejects.toThrow());
  expect(screen.getByText("Ended; being logged")).toBeTruthy();
  await later(PAUSE);
  expect(screen.queryByText("Ended; being logged")).toBeNull();
  expect(calls).toHaveLength(2);
});

it("stops where it is refused", async () => {
  const answers = [ended(false), problem(401, { code: "not_signed_in" })];
  const calls = service({ "POST /sessions/ses_1/end": () => answers.shift() });
  await show(<BeingLogged />);
  await act(() => endSession("ses_1"));
  await later(HOUR);
  expect(screen.queryByText("Ended; being logged")).toBeNull();
  expect(calls).toHaveLength(2);
});
