// @vitest-environment node
import { describe, expect, it } from "vitest";
import { parseSearch, printSearch } from "./plain";

describe("search parameters", () => {
  it("keep a number that somebody typed as a text", () => {
    expect(parseSearch("?ticket=4812&reason=true")).toEqual({ ticket: "4812", reason: "true" });
  });

  it("collect repeated names in order", () => {
    expect(parseSearch("?type=a.b&type=c.d&type=e.f")).toEqual({ type: ["a.b", "c.d", "e.f"] });
  });

  it("read a bare name as an empty text", () => {
    expect(parseSearch("?impersonate&reason=x%20y+z")).toEqual({
      impersonate: "",
      reason: "x y z",
    });
  });

  it("survive a round trip", () => {
    const search = { query: "a&b=c#d é", type: ["one", "two"], flag: "" };
    expect(parseSearch(printSearch(search))).toEqual(search);
  });

  it("leave out what is not set", () => {
    expect(printSearch({ a: undefined, b: null, c: [], d: false })).toBe("");
    expect(printSearch({ impersonate: true, n: 3 })).toBe("?impersonate&n=3");
  });
});
