import { describe, expect, test } from "vitest";
import { MalformedRequest } from "../src/core/errors.ts";
import { Answer, type Headers, jsonAnswer, problem, seeOther, Visit } from "../src/visit.ts";

const visit = (query = "", ...headers: Headers) =>
  new Visit({ method: "GET", origin: "https://app.test", base: "", query, headers });
const headersOf = (answer: Answer) => Object.fromEntries(answer.allHeaders());

test("a header is found by name, the first of several", () => {
  expect(visit("", ["host", "a"], ["host", "b"]).header("host")).toBe("a");
  expect(visit().header("host")).toBeNull();
});

test("cookies of several headers are one", () => {
  expect(visit("", ["cookie", "a=1"], ["cookie", "b=2"]).cookie).toBe("a=1; b=2");
});

test("parameters are decoded", () => {
  expect([...visit("a=1&b=%20x&c=&d=+").parameters()]).toEqual([
    ["a", "1"],
    ["b", " x"],
    ["c", ""],
    ["d", " "],
  ]);
});

test.each(["a=1&a=1", "a=1&b=2&a=3", "a=&a", `x=${"y".repeat(5000)}`, "&".repeat(60)])(
  "doubtful parameters are refused: %.20s",
  (query) => {
    expect(() => visit(query).parameters()).toThrow(MalformedRequest);
  },
);

test("a visit at a session's origin is otherwise the same", () => {
  const there = visit("a=1", ["cookie", "a=1"]).atSession("https://x.view.test");
  expect([there.origin, there.atSessionOrigin]).toEqual(["https://x.view.test", true]);
  expect([there.query, there.cookie, there.method]).toEqual(["a=1", "a=1", "GET"]);
});

describe("an answer", () => {
  test("is private unless it says otherwise", () => {
    expect(headersOf(new Answer({ body: Buffer.from("abc") }))).toEqual({
      "cache-control": "no-store",
      "x-accel-expires": "0",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-length": "3",
    });
    const open = headersOf(new Answer({ headers: [["cache-control", "public"]] }));
    expect(open["cache-control"]).toBe("public");
    expect(open).not.toHaveProperty("x-accel-expires");
  });

  test("counts the bytes of its body, and not the letters", () => {
    expect(headersOf(new Answer({ body: Buffer.from("ø") }))["content-length"]).toBe("2");
  });

  test.each([204, 304])("names no length at %i, where there is no body to wait for", (status) => {
    expect(headersOf(new Answer({ status }))).not.toHaveProperty("content-length");
  });

  test("takes more headers", () => {
    const answer = new Answer({ headers: [["a", "1"]] }).withHeaders(["b", "2"]);
    expect(answer.headers).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });
});

test("a redirect never repeats a POST", () => {
  const answer = seeOther("/home", "a=1", "b=2");
  expect(answer.status).toBe(303);
  expect(answer.headers).toEqual([
    ["location", "/home"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
});

test("a JSON answer is one", () => {
  expect(JSON.parse(Buffer.from(jsonAnswer({ a: null }).body).toString())).toEqual({ a: null });
});

test("a 401 names a scheme", () => {
  const answer = problem(401, "session_over", "Over.");
  expect(answer.headers).toContainEqual(["www-authenticate", "Understudy"]);
});
