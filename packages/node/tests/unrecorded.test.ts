import { expect, test } from "vitest";
import { Unrecorded } from "../src/unrecorded.ts";

test("nothing is left out unless it was named", () => {
  expect(new Unrecorded().covers(["GET"], "/static/app.css")).toBe(false);
});

test("a method override is no safe request, and an odd spelling no plain path", () => {
  const named = new Unrecorded(["/static/"]);
  expect(named.covers(["GET"], "/static/app.css")).toBe(true);
  expect(named.covers(["GET", "DELETE"], "/static/app.css")).toBe(false);
  expect(named.covers(["GET"], "/static/../users")).toBe(false);
  expect(named.covers(["GET"], "/static/%2e%2e/users")).toBe(false);
});
