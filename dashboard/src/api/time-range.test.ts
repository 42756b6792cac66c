// @vitest-environment node
import { describe, expect, it } from "vitest";
import { choiceOf, dayOf, endOfDay, instantOf, rangeOf, startOfDay } from "./time-range";

const NOW = Date.UTC(2026, 2, 10, 12);

describe("a stretch of time", () => {
  it("that ends now is counted from now", () => {
    expect(instantOf("1h", NOW)).toBe("2026-03-10T11:00:00.000Z");
    expect(instantOf("7d", NOW)).toBe("2026-03-03T12:00:00.000Z");
  });

  it("that is an instant stays one", () => {
    expect(instantOf("2026-01-01T00:00:00Z", NOW)).toBe("2026-01-01T00:00:00Z");
    expect(instantOf(undefined, NOW)).toBeUndefined();
  });

  it("survives the way into the URL and back", () => {
    for (const choice of ["", "1h", "24h", "7d", "30d", "days"] as const) {
      expect(choiceOf(rangeOf(choice, NOW))).toBe(choice);
    }
  });
});

describe("days", () => {
  it("reach to the first instant after the last of them", () => {
    const since = startOfDay("2026-03-10");
    const until = endOfDay("2026-03-10");
    expect(Date.parse(until ?? "") - Date.parse(since ?? "")).toBe(24 * 3_600_000);
    expect(dayOf(since)).toBe("2026-03-10");
    expect(dayOf(until, -1)).toBe("2026-03-10");
  });

  it("that are not given mean nothing", () => {
    expect(startOfDay("")).toBeUndefined();
    expect(dayOf(undefined)).toBe("");
    expect(dayOf("24h")).toBe("");
  });
});
