import { expect, test } from "vitest";
import { MOST, Unasked } from "../src/unasked.ts";
import { hearing } from "./support/heard.ts";

const heard = hearing();

test("each route is counted, and told of once", () => {
  const found = new Unasked();
  for (const path of ["/users/ada", "/users/bob", "/users/eve"]) {
    found.note("PATCH", "/users/:id", path);
  }
  found.note("GET", "/users/:id", "/users/ada");
  expect([...found.counts()]).toEqual([
    ["PATCH /users/:id", 3],
    ["GET /users/:id", 1],
  ]);
  expect(heard.map(({ action, route }) => ({ action, route }))).toEqual([
    { action: "serve_unasked", route: "PATCH /users/:id" },
    { action: "serve_unasked", route: "GET /users/:id" },
  ]);
});

test("without a route no more than the beginning of a path is told", () => {
  const found = new Unasked();
  for (const path of ["/users/ada@example.com", "/users/grace@example.com", "/about", "/"]) {
    found.note("GET", null, path);
  }
  expect([...found.counts()]).toEqual([
    ["GET /users/…", 2],
    ["GET /about", 1],
    ["GET /", 1],
  ]);
  expect(JSON.stringify(heard)).not.toContain("example.com");
});

test("routes without end are counted together", () => {
  const found = new Unasked();
  for (let number = 0; number < MOST + 3; number += 1) found.note("GET", `/${number}`, "/");
  expect(found.counts().size).toBe(MOST + 1);
  expect(found.counts().get("others")).toBe(3);
});
