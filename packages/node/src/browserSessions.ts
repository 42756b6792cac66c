/** The session that the browser of a visit holds: found, asked for, ended. */

import { type Ended, Held } from "./cache.ts";
import { DuplicateCookie, isToken, OVERLAY, readCookie } from "./cookies.ts";
import { MalformedRequest } from "./core/errors.ts";
import type { EndCause } from "./core/sessions.ts";
import { tokenHash } from "./core/tokens.ts";
import { Later } from "./later.ts";
import { ASK_SECONDS, type Steps } from "./passage/steps.ts";
import type { Runtime } from "./runtime.ts";
import { Secret } from "./secret.ts";
import type { ActiveSession } from "./values.ts";
import { type Answer, problem, type Visit } from "./visit.ts";
import { refusalText } from "./wording.ts";

/** Nobody can tell whether the session goes on. */
function unavailable(): Answer {
  return problem(503, "unavailable", refusalText("unavailable"));
}

/** What the SDK's own pages know of sessions, each by the token of its overlay. */
export class BrowserSessions {
  readonly #runtime: () => Runtime;

  constructor(runtime: () => Runtime) {
    this.#runtime = runtime;
  }

  /** What this process knows of the session, however old; asks nobody. */
  known(token: Secret): Held | Ended | null {
    return this.#runtime().cache.peek(keyOf(token));
  }

  /** The session itself, live or over, where this process has seen it. */
  session(token: Secret): ActiveSession | null {
    return this.known(token)?.session ?? null;
  }

  /** `then` of the session, at once or by the service's word; `unknown` without one. */
  look(
    token: Secret,
    then: (found: Held | Ended) => Answer,
    unknown: () => Answer = unavailable,
  ): Answer | Later<Held | Ended> {
    const runtime = this.#runtime();
    const key = keyOf(token);
    const found = runtime.cache.find(key);
    if (found !== null) return then(found);
    const promise = runtime.ask(token, key);
    return new Later({ promise, seconds: ASK_SECONDS, then, failed: unknown, otherwise: unknown });
  }

  /** The same in steps, for what goes on behind it. */
  *looking(
    token: Secret,
    then: (found: Held | Ended) => Answer,
    unknown: () => Answer,
  ): Steps<Answer> {
    const answer = this.look(token, then, unknown);
    return answer instanceof Later ? yield* answer.steps() : answer;
  }

  /**
   * End the session here at once, and at the service as soon as it hears.
   *
   * What comes back is done once the service has heard of it.
   */
  end(token: Secret, cause: EndCause = "ended_by_actor"): Promise<void> {
    const runtime = this.#runtime();
    const known = this.known(token);
    runtime.follow();
    if (known instanceof Held) return runtime.end(known, cause);
    runtime.cache.refuse(keyOf(token), cause, { known: false });
    return runtime.recorder.end(null, token, cause);
  }
}

/**
 * The overlay's token.
 *
 * @throws {MalformedRequest} there are two.
 */
export function tokenOf(visit: Visit): Secret | null {
  try {
    return tokenIn(visit.cookie);
  } catch (error) {
    throw error instanceof DuplicateCookie
      ? new MalformedRequest(refusalText("duplicate_cookie"))
      : error;
  }
}

/** The overlay's token in a whole Cookie header; null where there are two. */
export function overlayIn(cookie: string): Secret | null {
  return unlessTwice(() => tokenIn(cookie), null);
}

/** Whether the browser has any overlay at all, be it of a session that is over, or two. */
export function holdsOverlay(visit: Visit): boolean {
  return unlessTwice(() => readCookie(visit.cookie, OVERLAY) !== null, true);
}

/** What `read` gives, or `otherwise` where a cookie is there twice. */
export function unlessTwice<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DuplicateCookie) return otherwise;
    throw error;
  }
}

function tokenIn(cookie: string): Secret | null {
  const value = readCookie(cookie, OVERLAY);
  return value !== null && isToken(value) ? new Secret(value) : null;
}

function keyOf(token: Secret): string {
  return tokenHash(token.reveal());
}
