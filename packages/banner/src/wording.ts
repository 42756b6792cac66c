import { clockText, isSoon, LAST, type SOON, spokenText } from "./countdown.ts";
import { brief } from "./plain.ts";
import type { Scope, Session } from "./session.ts";
import type { Ending } from "./state.ts";

export const SCOPES: Readonly<Record<Scope, string>> = {
  full: "Full access",
  read_only: "Read only",
};

const CAUSES: ReadonlyMap<string, string> = new Map([
  ["ended", "It was ended."],
  ["expired", "Its time ran out."],
  ["revoked", "It was revoked."],
  ["replaced", "Another session has started in this browser."],
]);

export const ENDED = "This session has ended";
export const OFFLINE = "This page does not hear when the session ends elsewhere.";
export const AWAY = "Understudy cannot be reached. Nothing is shown or sent until it is back.";
export const BACK = "Understudy is back.";
export const TIME_UP = "Time is up";
export const IF_IDLE = " if idle";
export const STAY = "Stay";

/** `26:41 left`; near the end the words change with the number, so that colour need not say it. */
export function timeText(remaining: number, byIdle = false): string {
  const clock = clockText(remaining);
  return isSoon(remaining, byIdle) ? `Ends in ${clock}` : `${clock} left`;
}

/** What the end means, in words that an actor can rely on. */
export function endedText(session: Session): string {
  return `Nothing you do here is sent as ${brief(session.subject, 60)} any more.`;
}

/** The server's own sentence, else ours for its cause, else nothing. */
export function causeText(ending: Ending): string {
  return ending.message || CAUSES.get(ending.cause) || "";
}

export function startAnnouncement(session: Session, remaining: number): string {
  const where = session.organization ? `, ${session.organization}` : "";
  return (
    `You are viewing this app as ${session.subject}${where}. ` +
    `${SCOPES[session.scope]}. ${spokenText(remaining)} left.`
  );
}

export function shortAnnouncement(session: Session): string {
  return `The session as ${session.subject} goes on.`;
}

export function thresholdAnnouncement(
  session: Session,
  threshold: typeof SOON | typeof LAST,
): string {
  return `${spokenText(threshold)} left in the session as ${session.subject}.`;
}

export function idleAnnouncement(session: Session): string {
  return (
    `${spokenText(LAST)} left in the session as ${session.subject}, ` +
    `because nothing happens in it. ${STAY} keeps it open.`
  );
}

export function titlePrefix(session: Session): string {
  return `● as ${session.subject}`;
}

export const ENDED_TITLE_PREFIX = "■ session ended";
