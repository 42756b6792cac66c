import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { me } from "../test/made";
import { staff } from "../test/staff";
import { ApiProblem } from "./problem";
import { isSignInOld, wantsRecentSignIn } from "./recent-sign-in";

const UNTIL = "2026-06-01T12:15:00Z";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("is old from its very second on, and where nobody knows of one", () => {
  vi.setSystemTime(Date.parse(UNTIL) - 1);
  expect(isSignInOld(staff({ recent_sign_in_until: UNTIL }))).toBe(false);
  vi.setSystemTime(Date.parse(UNTIL));
  expect(isSignInOld(staff({ recent_sign_in_until: UNTIL }))).toBe(true);
  expect(isSignInOld(staff())).toBe(true);
});

it("is never asked of who has a password here, nor of nobody", () => {
  expect(isSignInOld(me())).toBe(false);
  expect(isSignInOld(undefined)).toBe(false);
});

it("is what one code of the service means", () => {
  expect(wantsRecentSignIn(new ApiProblem(403, { code: "recent_sign_in_required" }))).toBe(true);
  expect(wantsRecentSignIn(new ApiProblem(403, { code: "permission_missing" }))).toBe(false);
  expect(wantsRecentSignIn(null)).toBe(false);
});
