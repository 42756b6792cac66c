/** The user hears that somebody has begun to work in their account, from the app itself. */

import type { Scope } from "./core/restrictions.ts";
import { complain, nameOf } from "./logging.ts";
import { outside } from "./outside.ts";
import type { Opened, Subject } from "./values.ts";

/**
 * What the app is to tell `subject`. `by` is the name of whoever works in their account, or what the
 * application's settings put in its place: nothing else of them is here.
 */
export interface SessionNotice {
  readonly sessionId: string;
  readonly subject: Subject;
  readonly by: string;
  readonly reason: string;
  readonly scope: Scope;
  readonly startedAt: Date;
  readonly endsAt: Date;
}

/** Tells the user of one session. */
export type TellUser = (notice: SessionNotice) => unknown;

/**
 * Have `tell` called, as nobody's, where the application tells its users.
 *
 * Whatever becomes of that, the session has begun: a failure is logged.
 */
export function telling(tell: TellUser, { session, toldAs }: Opened): void {
  if (toldAs === null) return;
  const notice: SessionNotice = {
    sessionId: session.id,
    subject: session.subject,
    by: toldAs,
    reason: session.reason,
    scope: session.restrictions.scope,
    startedAt: session.startedAt,
    endsAt: session.endsAt,
  };
  outside(() => setImmediate(() => void told(tell, notice)));
}

async function told(tell: TellUser, notice: SessionNotice): Promise<void> {
  try {
    await tell(notice);
  } catch (error) {
    // Its words may say more of the user than a log should have.
    complain(`The app could not tell a user of a session in their account: ${nameOf(error)}`, {
      action: "tell_user",
      session_id: notice.sessionId,
    });
  }
}
