// @vitest-environment node
import { describe, expect, it } from "vitest";
import { ago, ahead, clockFace, span, took } from "./duration";

const MINUTE = 60_000;
const NOW = Date.parse("2026-06-01T12:00:00Z");

describe("a clock face", () => {
  it("counts a second that has begun as a whole one", () => {
    expect(clockFace(1)).toBe("0:01");
    expect(clockFace(1_601_000)).toBe("26:41");
  });

  it("shows zero at the end and after it", () => {
    expect(clockFace(0)).toBe("0:00");
    expect(clockFace(-5_000)).toBe("0:00");
  });

  it("shows hours only when there are some", () => {
    expect(clockFace(60 * MINUTE)).toBe("1:00:00");
    expect(clockFace(60 * MINUTE - 1_000)).toBe("59:59");
  });
});

describe("a span", () => {
  it("is told in the largest unit that fits", () => {
    expect([0, 48_000, 12 * MINUTE, 60 * MINUTE, 65 * MINUTE].map(span)).toEqual([
      "0 s",
      "48 s",
      "12 min",
      "1 h",
      "1 h 5 min",
    ]);
  });
});

describe("how long ago", () => {
  it("is told roughly within a day", () => {
    const now = Date.UTC(2026, 5, 1, 12);
    const told = [0, 59_000, MINUTE, 61 * MINUTE].map((passed) => ago(now - passed, now));
    expect(told).toEqual(["just now", "just now", "1 min ago", "1 h ago"]);
  });

  it("is the date after a day", () => {
    const now = Date.UTC(2026, 5, 10, 12);
    expect(ago(now - 48 * 60 * MINUTE, now)).toMatch(/2026/);
  });
});

describe("what is to come", () => {
  it("is told in the largest unit that fits, and is now once it is due", () => {
    const offs = [-1, 0, 20_000, 5 * MINUTE, 3 * 60 * MINUTE];
    expect(offs.map((off) => ahead(NOW + off, NOW))).toEqual([
      "now",
      "now",
      "in 20 s",
      "in 5 min",
      "in 3 h",
    ]);
    expect(ahead(NOW + 48 * 60 * MINUTE, NOW)).toMatch(/^on .*2026/);
  });
});

describe("how long a call took", () => {
  it("is told in milliseconds below a second", () => {
    expect([0, 84, 999, 1_000, 15_040].map(took)).toEqual([
      "0 ms",
      "84 ms",
      "999 ms",
      "1.0 s",
      "15.0 s",
    ]);
  });
});
