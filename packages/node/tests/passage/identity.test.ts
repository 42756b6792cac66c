import { expect, test } from "vitest";
import { defaultUserId, Identity } from "../../src/passage/identity.ts";
import { hearing } from "../support/heard.ts";
import { SESSION } from "../support/sample.ts";

const { subject } = SESSION;
const identity = new Identity({ loads: true });
const heard = hearing();

test.each([null, undefined, { id: 43 }, { id: "43" }, { name: "Ada" }, {}, "42", { id: null }])(
  "anybody but the subject is refused: %j",
  (user) => {
    expect(identity.isSubject(user, subject)).toBe(false);
  },
);

test.each([{ id: 42 }, { id: "42" }, { id: 42n }, new Map([["id", 42]])])(
  "ids are compared as text: %o",
  (user) => {
    expect(identity.isSubject(user, subject)).toBe(true);
  },
);

test("the app may say what a user's id is", () => {
  const named = new Identity({ loads: true, userId: (user) => String(user).split("-")[1] });
  expect(named.isSubject("user-42", subject)).toBe(true);
});

test("a user without an id is told of, by a hint what to do", () => {
  expect(identity.isSubject({}, subject)).toBe(false);
  expect(heard).toMatchObject([
    { action: "identify_user", text: expect.stringContaining("userId") },
  ]);
});

test("ids are found as a member or a key", () => {
  expect([defaultUserId({ id: 1 }), defaultUserId(new Map([["id", 2]]))]).toEqual([1, 2]);
  expect([defaultUserId("somebody"), defaultUserId(null)]).toEqual([null, null]);
});

test("nobody and the subject themself contradict nothing; somebody else does", () => {
  for (const user of [null, undefined, { id: 42 }, { name: "Ada" }]) {
    expect(identity.contradicts(user, subject)).toBe(false);
  }
  expect(identity.contradicts({ id: 7 }, subject)).toBe(true);
});
