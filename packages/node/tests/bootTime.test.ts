import { afterEach, describe, expect, it, vi } from "vitest";

const machine = vi.hoisted(() => ({ uptime: 100 }));
vi.mock("node:os", () => ({ uptime: () => machine.uptime }));

const { secondsSinceBoot } = await import("../src/bootTime.ts");

describe("seconds since boot", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("go on while the machine sleeps, and never back", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const pass = (counted: number, up = counted) => {
      vi.advanceTimersByTime(counted * 1_000);
      machine.uptime += up;
      return secondsSinceBoot();
    };
    const began = pass(1);
    expect(pass(1, 1.01) - began).toBeCloseTo(1, 5);
    // An hour's sleep, which Node's own counter does not see.
    expect(pass(1, 3_601) - began).toBeCloseTo(3_602, 0);
    // A clock that somebody sets back, and then right.
    expect(pass(1, -500) - began).toBeCloseTo(3_603, 0);
    expect(pass(1, 502) - began).toBeCloseTo(3_604, 0);
  });
});
