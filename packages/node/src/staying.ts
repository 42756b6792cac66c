/** What a page is told of its session, and how it says that its actor is still at work. */

import { type BrowserSessions, tokenOf } from "./browserSessions.ts";
import { Ended, Held } from "./cache.ts";
import type { EndCause } from "./core/sessions.ts";
import type { Later } from "./later.ts";
import type { Runtime } from "./runtime.ts";
import { crossSiteRefusal } from "./sameSite.ts";
import { type Answer, jsonAnswer, type Visit } from "./visit.ts";
import { causeText } from "./wording.ts";

/** A session is touched no more often; the banner asks at most once in 30 s. */
export const TOUCH_SECONDS = 25;

/** Until when a session lasts, and the service's clock, as RFC 3339 times. */
export interface Times {
  readonly ends_at: string;
  readonly idle_ends_at: string;
  readonly server_now: string;
}

/** What the banner is told of an ending. */
export interface EndingFacts {
  readonly cause: EndCause | null;
  readonly message: string;
}

type Then = (found: Held | Ended) => Answer;

/** Answers what pages ask of their session while it goes on. `path` is that of `stay`. */
export class Staying {
  readonly #runtime: () => Runtime;
  readonly #sessions: BrowserSessions;
  readonly #path: string;

  constructor(runtime: () => Runtime, sessions: BrowserSessions, { path }: { path: string }) {
    this.#runtime = runtime;
    this.#sessions = sessions;
    this.#path = path;
  }

  /** The session as it stands; looking at it is no activity. */
  state(visit: Visit): Answer | Later<Held | Ended> {
    return this.#look(visit, (found) => this.#shown(found));
  }

  /** The same, once its idle end is put off. */
  stay(visit: Visit): Answer | Later<Held | Ended> {
    // Otherwise any site could keep a session alive that its actor has left.
    const refusal = crossSiteRefusal(visit);
    if (refusal !== null) return refusal;
    return this.#look(visit, (found) => {
      if (found instanceof Held) touch(this.#runtime(), found, visit, this.#path);
      return this.#shown(found);
    });
  }

  #look(visit: Visit, then: Then): Answer | Later<Held | Ended> {
    const token = tokenOf(visit);
    return token === null ? over(new Ended(null)) : this.#sessions.look(token, then);
  }

  /** As the banner shows it: until when it lasts at most, and until when if it rests. */
  #shown(found: Held | Ended): Answer {
    if (found instanceof Ended) return over(found);
    const times = timesOf(found, this.#runtime().monotonic());
    return jsonAnswer({ active: true, session: found.session.id, ...times });
  }
}

/** Until when a session lasts at most, and until when if it rests; and the service's clock. */
export function timesOf(found: Held, now: number): Times {
  const { endsAt } = found.session;
  const idleEndsAt = found.serverTime(found.idleUntil);
  return {
    ends_at: endsAt.toISOString(),
    idle_ends_at: (idleEndsAt < endsAt ? idleEndsAt : endsAt).toISOString(),
    server_now: found.serverTime(now).toISOString(),
  };
}

/** What the banner is told of an ending. */
export function endingFacts(ended: Ended): EndingFacts {
  return { cause: ended.cause, message: causeText(ended.cause) };
}

/**
 * Put off the idle end of a session whose actor is at work, never its end.
 *
 * It is an entry in the log, as everything is that counts as activity. A page of another session
 * touches nothing, and what comes too soon after the last one is let go.
 */
function touch(runtime: Runtime, found: Held, visit: Visit, path: string): void {
  const asked = visit.parameters().get("session") ?? found.session.id;
  const now = runtime.monotonic();
  if (asked !== found.session.id || now < found.touchedAt + TOUCH_SECONDS) return;
  found.touchedAt = now;
  found.idleUntil = now + found.idleSeconds;
  const action = runtime.action({
    id: runtime.newActionId(),
    phase: "completed",
    method: visit.method,
    path,
    route: path,
    status: 200,
    durationMs: null,
    rule: null,
    address: visit.address,
    userAgent: visit.header("user-agent"),
  });
  runtime.recorder.add(found.session.id, action, found.overAt);
}

function over(ended: Ended): Answer {
  return jsonAnswer({ active: false, ...endingFacts(ended) });
}
