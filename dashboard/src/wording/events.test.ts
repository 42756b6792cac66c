// @vitest-environment node
import { expect, it } from "vitest";
import { EVENT_GROUPS, EVENT_TYPES, eventWords, isEventType, typesOf } from "./events";

it("has words for a type of the log", () => {
  expect(eventWords("session.revoked")).toMatchObject({ label: "Session revoked", tone: "bad" });
});

it("calls a type that only a newer service knows by its own words", () => {
  expect(eventWords("policy.changed_back")).toEqual({
    label: "Policy changed back",
    tone: "quiet",
  });
  expect(eventWords("toString")).toEqual({ label: "ToString", tone: "quiet" });
  expect(isEventType("toString")).toBe(false);
});

it("offers every type in one group", () => {
  expect(EVENT_GROUPS.flatMap(typesOf).sort()).toEqual([...EVENT_TYPES].sort());
});
