import { expect, test } from "vitest";
import { readEnding, readState } from "../src/state.ts";

const ACTIVE = {
  active: true,
  ends_at: "2026-11-22T10:30:00Z",
  server_now: "2026-11-22T10:00:00Z",
  cause: null,
};

test("an active state carries the server's times and when it was asked", () => {
  expect(readState({ ...ACTIVE, session: "s1" }, 42)).toEqual({
    active: true,
    session: "s1",
    endsAt: Date.parse("2026-11-22T10:30:00Z"),
    idleAt: Date.parse("2026-11-22T10:30:00Z"),
    serverNow: Date.parse("2026-11-22T10:00:00Z"),
    askedAt: 42,
  });
});

test("an active state may say when resting ends it", () => {
  const state = readState({ ...ACTIVE, idle_ends_at: "2026-11-22T10:10:00Z" }, 42);
  expect(state).toMatchObject({ idleAt: Date.parse("2026-11-22T10:10:00Z") });
});

test("a state that is not active needs no times", () => {
  const expected = { active: false, ending: { cause: "revoked", message: "" } };
  expect(readState({ active: false, cause: "revoked" }, 0)).toEqual(expected);
  expect(readState({ active: false, cause: null }, 0)).toMatchObject({ ending: { cause: "" } });
});

test.each([
  ["no object", "ended"],
  ["null", null],
  ["an object of another kind", { error: "not found" }],
  ["an active state without its end", { ...ACTIVE, ends_at: null }],
  ["an active state without the server's time", { ...ACTIVE, server_now: "now" }],
  ["a word instead of a truth value", { ...ACTIVE, active: "false" }],
])("%s says nothing", (_what, body) => {
  expect(readState(body, 0)).toBeNull();
});

test("the data of an ended event gives cause and message", () => {
  expect(readEnding('{"cause":"revoked","message":"Ended by Kim."}')).toEqual({
    cause: "revoked",
    message: "Ended by Kim.",
  });
});

test.each([["not JSON"], ["7"], ["null"], [""]])(
  "an ended event with the data %o is still an end",
  (data) => {
    expect(readEnding(data)).toEqual({ cause: "", message: "" });
  },
);
