import { describe, expect, test } from "vitest";
import { foundIn, impersonationOf, pin } from "../src/askedBy.ts";
import { Impersonation, Present, within } from "../src/context.ts";
import { SESSION } from "./support/sample.ts";

const FOUND = Impersonation.of(SESSION);
const pinned = () => {
  const request = {};
  pin(request, { impersonation: FOUND, isOver: () => false });
  return request;
};

describe("a request says whose it was", () => {
  class Getters {
    readonly #raw = pinned();
    get raw(): object {
      return this.#raw;
    }
  }
  test.each([
    ["Node's own", pinned()],
    ["Fastify's", { raw: pinned() }],
    ["Hono's", { req: { raw: pinned() } }],
    ["one behind a getter", { req: new Getters() }],
    ["what has one", { request: { raw: pinned() } }],
  ])("%s", (_, request) => {
    expect(impersonationOf(request)).toBe(FOUND);
  });
});

test("a user's own request was nobody's", () => {
  expect(impersonationOf({ raw: {} })).toBeNull();
});

test("what a browser sends is never taken for a session", () => {
  expect(foundIn({ impersonation: FOUND, "understudy.impersonation": FOUND })).toBeNull();
});

test.each([null, "x", undefined, 7])("what is no request is said to be none: %s", (value) => {
  expect(() => impersonationOf(value)).toThrow(TypeError);
  expect(foundIn(value)).toBeNull();
});

test("a request that leads to itself leads nowhere", () => {
  const loop: { raw?: object } = {};
  loop.raw = loop;
  expect(foundIn(loop)).toBeNull();
});

test("whoever looks at a request has asked whom it serves", () => {
  const present = new Present(FOUND);
  within(present, () => {
    expect(foundIn({})).toBeNull();
    expect(present.asked).toBe(false);
    expect(impersonationOf(pinned())).toBe(FOUND);
  });
  expect(present.asked).toBe(true);
});
