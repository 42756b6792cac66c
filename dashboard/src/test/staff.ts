import type { Me } from "../api/types";
import { me } from "./made";

export const SIGN_IN_AT = "/login?next={next}";

/** Has the page say, until it is undone, that an app signs its staff in. */
export function inAnApp(): () => void {
  const told = document.createElement("meta");
  told.name = "understudy-staff";
  told.content = JSON.stringify({ sign_in_at: SIGN_IN_AT, home: "/shop" });
  document.head.append(told);
  return () => told.remove();
}

/** One of the app's staff, whose sign-in was long ago. */
export function staff(change: Partial<Me> = {}): Me {
  return me({
    signed_in_by: "app",
    recent_sign_in_until: null,
    confirms_password: true,
    sign_in_at: SIGN_IN_AT,
    ...change,
  });
}
