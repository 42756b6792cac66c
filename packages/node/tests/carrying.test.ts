import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pin } from "../src/askedBy.ts";
import { Attribution, attributedTo } from "../src/attribution.ts";
import { AT_WORK } from "../src/atWork.ts";
import { asTheApp, carried, onBehalfOf } from "../src/carrying.ts";
import {
  asNobody,
  currentImpersonation,
  entered,
  Impersonation,
  OwnRequest,
  Present,
  presentRequest,
  within,
} from "../src/context.ts";
import { ForbiddenWhileImpersonating, SessionOver } from "../src/core/errors.ts";
import { forbidWhileImpersonating } from "../src/forbidding.ts";
import { SESSION } from "./support/sample.ts";

const FOUND = Impersonation.of(SESSION);
const place = { isBusy: () => true };
const view = forbidWhileImpersonating(() => "ran");
const who = () => currentImpersonation()?.subject.id ?? null;

beforeEach(() => AT_WORK.begins(place));
afterEach(() => AT_WORK.leaves(place));

function asked(isOver: boolean): object {
  const request = {};
  pin(request, { impersonation: FOUND, isOver: () => isOver });
  return request;
}

test("what is carried is the request's wherever it is called, and nobody's once that is over", () => {
  const present = new Present(FOUND);
  const work = within(present, () => carried((more: string) => [who(), more]));
  expect(asNobody(() => work("x"))).toEqual(["42", "x"]);
  present.over = true;
  expect(work("x")).toEqual([null, "x"]);
});

test("what a queue runs is on behalf of the session that asked for it, to its end", async () => {
  const left: Promise<unknown>[] = [];
  const seen = await onBehalfOf(asked(false), async () => {
    left.push(turn().then(turn).then(who));
    await turn();
    return who();
  });
  expect([seen, await left[0]]).toEqual(["42", null]);
  expect(() => onBehalfOf(asked(false), view)).toThrow(ForbiddenWhileImpersonating);
});

test("what was asked for in a session that is over is not done", () => {
  expect(() => onBehalfOf(asked(true), view)).toThrow(SessionOver);
});

test("what a user has asked for is their own", () => {
  expect(onBehalfOf({}, view)).toBe("ran");
  expect(onBehalfOf({}, presentRequest)).toBeInstanceOf(OwnRequest);
  expect(() => onBehalfOf("x", view)).toThrow(TypeError);
});

test("the app's own work is nobody's, unless an actor has asked for it", () => {
  expect(view).toThrow(ForbiddenWhileImpersonating);
  expect(asTheApp(view)).toBe("ran");
  expect(() => entered(new Present(FOUND), () => asTheApp(view))).toThrow(
    ForbiddenWhileImpersonating,
  );
  expect(() => attributedTo(Attribution.of(FOUND), () => asTheApp(view))).toThrow(
    ForbiddenWhileImpersonating,
  );
});
