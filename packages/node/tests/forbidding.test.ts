import { AsyncResource } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pin } from "../src/askedBy.ts";
import { AT_WORK } from "../src/atWork.ts";
import { asNobody, entered, Impersonation, OwnRequest, Present } from "../src/context.ts";
import { ForbiddenWhileImpersonating } from "../src/core/errors.ts";
import { forbidWhileImpersonating } from "../src/forbidding.ts";
import { hearing } from "./support/heard.ts";
import { SESSION } from "./support/sample.ts";

const heard = hearing();
const place = { busy: false, isBusy: () => place.busy };
const present = () => new Present(Impersonation.of(SESSION));
const ran = vi.fn((...given: unknown[]) => given.length);
const view = forbidWhileImpersonating(ran);

beforeEach(() => {
  ran.mockClear();
  AT_WORK.begins(place);
});
afterEach(() => {
  AT_WORK.leaves(place);
  place.busy = false;
});

test("a forbidden function answers users as ever, by its own name", () => {
  const named = forbidWhileImpersonating(function changePassword(this: unknown, a: number, b: 1) {
    return [this, a, b];
  });
  const app = { named };
  expect(app.named(2, 1)).toEqual([app, 2, 1]);
  expect([named.name, named.length]).toEqual(["changePassword", 2]);
});

test("it does not run for an actor, and the request is marked", () => {
  const now = present();
  expect(() => entered(now, view)).toThrow(ForbiddenWhileImpersonating);
  expect([ran.mock.calls.length, now.forbidden]).toEqual([0, true]);
});

test("an async one is refused at once, and never by a promise that nobody waits for", async () => {
  const later = forbidWhileImpersonating(async (number: number) => number + 1);
  expect(() => entered(present(), () => later(1))).toThrow(ForbiddenWhileImpersonating);
  expect(await later(1)).toBe(2);
});

test("the check can be called by itself", () => {
  forbidWhileImpersonating();
  expect(() => entered(present(), () => forbidWhileImpersonating())).toThrow(
    ForbiddenWhileImpersonating,
  );
});

describe("as a middleware", () => {
  const next = vi.fn(() => "next");

  beforeEach(() => next.mockClear());

  test.each([
    ["of Express and Fastify", () => forbidWhileImpersonating({}, {}, next)],
    ["of Hono", () => forbidWhileImpersonating({}, next)],
  ])("%s it lets users on, and never an actor", (_, called) => {
    expect(called()).toBe("next");
    // Never with the error for an argument: there are frameworks that go on all the same.
    expect(next).toHaveBeenCalledExactlyOnceWith();
    expect(() => entered(present(), called)).toThrow(ForbiddenWhileImpersonating);
    expect(next).toHaveBeenCalledOnce();
  });

  test("it keeps an actor out whose request another context handles", () => {
    const request = {};
    pin(request, { impersonation: Impersonation.of(SESSION), isOver: () => false });
    expect(() => forbidWhileImpersonating(request, {}, next)).toThrow(ForbiddenWhileImpersonating);
    expect(next).not.toHaveBeenCalled();
  });
});

test("what an impersonated request has left running runs no forbidden function", () => {
  const now = present();
  const left = entered(now, () => AsyncResource.bind(() => view()));
  expect(left).toThrow(ForbiddenWhileImpersonating);
  expect(now.forbidden).toBe(false);
});

test("a request among what is given says who asks, however it got there", () => {
  const request = {};
  pin(request, { impersonation: Impersonation.of(SESSION), isOver: () => false });
  expect(() => view(1, { raw: request })).toThrow(ForbiddenWhileImpersonating);
  expect(view(1, { raw: {} })).toBe(2);
});

test("work that nobody knows is refused while somebody is impersonated in this process", () => {
  place.busy = true;
  expect(view).toThrow(ForbiddenWhileImpersonating);
  expect(heard.map(({ action }) => action)).toEqual(["refuse_unknown"]);
  place.busy = false;
  expect(view()).toBe(0);
});

test("a user's own request runs while somebody else is impersonated, and what it left does not", () => {
  place.busy = true;
  const left = entered(new OwnRequest(), () => {
    expect(view()).toBe(0);
    return AsyncResource.bind(() => view());
  });
  expect(left).toThrow(ForbiddenWhileImpersonating);
  place.busy = false;
  expect(left()).toBe(0);
});

test("leaving a context leaves nothing known", () => {
  entered(present(), () => {
    place.busy = true;
    expect(() => asNobody(view)).toThrow(ForbiddenWhileImpersonating);
    place.busy = false;
    expect(asNobody(view)).toBe(0);
  });
});
