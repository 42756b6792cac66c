// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { Party } from "../../api/types";
import { entry } from "../../test/made";
import { covers, erasedBy, erasureLine, indexesLine } from "./erasure";

const BY_AGE = entry({
  type: "audit.erased",
  actor: { kind: "system", ref: null, id: null, email: null, name: null, taken_over: false },
  details: { cause: "retention", retention_days: 30, part: "both", indexes: "3-1202,1300" },
});
const ON_REQUEST = entry({
  type: "audit.erased",
  details: { part: "personal", indexes: "7", subject_ref: "sub_1" },
});

describe("an erasure", () => {
  it("says how much it took, and after how long", () => {
    expect(erasureLine(BY_AGE)).toBe("1,201 entries, after 30 days");
    expect(erasureLine(ON_REQUEST)).toBe("names and reasons of 1 entry");
    expect(erasureLine(entry())).toBeNull();
  });

  it("says who did it", () => {
    expect(erasedBy(BY_AGE)).toBe("by retention, after 30 days");
    expect(erasedBy(ON_REQUEST)).toBe("on request, by Sam Rivers");
    expect(erasedBy({ ...ON_REQUEST, actor: null })).toBe("on request");
    const shell = { ...(BY_AGE.actor as Party), name: "command line" };
    expect(erasedBy({ ...ON_REQUEST, actor: shell })).toBe("on request, by the command line");
  });

  it("covers the first and the last index of a run, and none beside it", () => {
    const covered = [2, 3, 1202, 1203, 1300, 1301].map((index) => covers(BY_AGE, index));
    expect(covered).toEqual([false, true, true, false, true, false]);
    expect(covers(entry(), 7)).toBe(false);
  });

  it("names its indexes, of many runs the first", () => {
    expect(indexesLine("3-7,12")).toBe("#3–7, #12");
    expect(indexesLine("1,3,5,7,9,11")).toBe("#1, #3, #5, #7 and 2 more runs");
    expect(indexesLine(undefined)).toBe("");
  });
});
