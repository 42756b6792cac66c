import { afterEach, describe, expect, it, vi } from "vitest";
import { complain, logTo, nameOf, warn } from "../src/logging.ts";

const FACTS = { action: "test" };

afterEach(() => {
  logTo(null);
  vi.restoreAllMocks();
});

describe("what operators are told", () => {
  it("goes to standard error, or to the app's own logger", () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    warn("Something", FACTS);
    expect(written.mock.calls).toEqual([['understudy warning: Something {"action":"test"}\n']]);
    const lines: string[] = [];
    logTo({ warn: (text) => lines.push(text), error: (text) => lines.push(text) });
    complain("Something else", FACTS);
    expect(lines).toEqual(["Something else"]);
    expect(written).toHaveBeenCalledTimes(1);
  });

  it("is told whatever the app's logger throws", () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const fail = () => {
      throw new Error("no");
    };
    logTo({ warn: fail, error: fail });
    complain("Something", FACTS);
    expect(written).toHaveBeenCalledTimes(1);
  });

  it("has the kind of an error and none of its words", () => {
    const error = Object.assign(new Error("of somebody"), { code: "ENOSPC" });
    expect([nameOf(error), nameOf(new RangeError("x")), nameOf("x")]).toEqual([
      "ENOSPC",
      "RangeError",
      "string",
    ]);
  });
});
