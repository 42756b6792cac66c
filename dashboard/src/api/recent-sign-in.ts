import { serverNow } from "./clock";
import { ApiProblem } from "./problem";
import type { Me } from "./types";

/** True where the app signs operators in, and did so too long ago to begin to work as a user. */
export function isSignInOld(me: Me | undefined): boolean {
  if (me === undefined || me.signed_in_by !== "app") return false;
  const until = me.recent_sign_in_until;
  return until === null || Date.parse(until) <= serverNow();
}

/** True when the service wants to see a recent sign-in before it does what was asked. */
export function wantsRecentSignIn(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === "recent_sign_in_required";
}
