/** The subject's user where an app looks for its own. */

import type { Present } from "../context.ts";

/**
 * Let `holder.user` be the user of the session, whatever the app's own sign-in finds.
 *
 * That one signs in by what it knows of the agent, and writes who that is; their sign-in stays
 * untouched, but is not who this request is for.
 */
export function pinUser(holder: object, present: Present): void {
  Object.defineProperty(holder, "user", {
    configurable: false,
    enumerable: true,
    get: () => {
      present.asked = true;
      return present.impersonation?.user;
    },
    set: () => undefined,
  });
}
