import { afterEach, beforeEach, expect, test } from "vitest";
import { allOf, told, VisitedApp } from "./visiting.ts";

let app: VisitedApp;

beforeEach(() => {
  app = new VisitedApp();
});
afterEach(() => app.understudy.close());

test.each(["nothing", "", "constructor", "__proto__", "start", "hand", "reveal"])(
  "an unknown address is not found: %s",
  async (name) => {
    expect((await app.visit("GET", name)).status).toBe(404);
  },
);

test.each(["launch", "callback", "state", "end"])("HEAD uses nothing up: %s", async (name) => {
  const answer = await app.visit("HEAD", name, { query: "iss=https://understudy.test" });
  expect([answer.status, allOf(answer, "set-cookie")]).toEqual([405, []]);
});

test("a 405 says what is allowed, and no member of an object is a method", async () => {
  expect(allOf(await app.visit("PUT", "end"), "allow")).toEqual(["GET, POST"]);
  expect((await app.visit("constructor", "end")).status).toBe(405);
});

test.each(["GET", "HEAD"])("the scripts lie beside the other addresses: %s", async (method) => {
  for (const name of ["page.js", "banner.js"]) {
    // Built or not: it is no address that nobody knows.
    const answer = await app.visit(method, name);
    if (answer.status !== 200) expect(told(answer)).toMatchObject({ detail: /not built/ });
  }
});

test("what a browser brings twice is a problem, and no failure", async () => {
  const twice = "__Host-understudy=a; __Host-understudy=b";
  const answer = await app.visit("GET", "state", { headers: [["cookie", twice]] });
  expect([answer.status, told(answer).code]).toEqual([400, "malformed_request"]);
});

test("under the wildcard nothing but labels is there", async () => {
  const answer = await app.visit("GET", "state", {
    origin: `https://understudy-${"a".repeat(26)}.other.test`,
  });
  expect([answer.status, told(answer).code]).toEqual([404, "not_found"]);
});
