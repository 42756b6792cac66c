/**
 * The way from the SDK to Understudy: over HTTP (`remote.ts`), or a test double.
 *
 * Whatever cannot be done rejects with `Unavailable`, or with an error that says what the service
 * refused.
 */

import type { Ask, Granted } from "./asks.ts";
import type { EndCause } from "./core/sessions.ts";
import type { Write } from "./core/unlocks.ts";
import type { Secret } from "./secret.ts";
import type { AskedFor, Spent } from "./unlock/values.ts";
import type { Told, UserSays } from "./userSays.ts";
import type { Minted, News, Opened, Presented, RecordedAction } from "./values.ts";

/** What one application asks of Understudy. */
export interface Gateway {
  /**
   * Ask for an impersonation, in the name of an actor for whom the app vouches.
   *
   * @throws Refused a rule says no.
   * @throws InvalidInput an id or a name is no text.
   */
  request(ask: Ask): Promise<Granted>;

  /**
   * Turn an impersonation token into a session, once.
   *
   * @throws TokenInvalid unknown, expired, used, foreign, or bound to something else.
   * @throws Refused a rule says no by now.
   */
  exchange(presented: Presented): Promise<Opened>;

  /**
   * The session as it is now; does not prolong it, and is no activity.
   *
   * @throws TokenInvalid no such session.
   * @throws SessionOver it has ended; the fact `cause` says why.
   */
  refresh(sessionToken: Secret): Promise<Opened>;

  /**
   * End a session; harmless when it is over already.
   *
   * True once that is in the log. False while the session is over and the log cannot take it:
   * repeat it then, for the other side may lose what it keeps until it can.
   */
  end(sessionId: string, cause: EndCause): Promise<boolean>;

  /** The ids of the live sessions of these actors, by as few calls as can be. */
  sessionsOf(actorIds: ReadonlySet<string>): Promise<readonly string[]>;

  /**
   * Write `actions` into the log before resolving. `key` makes repeats harmless, those of a whole
   * in parts as well (`partKeys.ts`).
   *
   * @throws SessionOver an intent for a session that is over, with its `cause`.
   */
  record(sessionId: string, actions: readonly RecordedAction[], key: string): Promise<void>;

  /**
   * What was made in sessions that are over and is to be revoked, oldest first, or a part.
   *
   * What was revoked is recorded as `undone` under the same id. A service of before knows of nothing.
   */
  minted(): Promise<readonly Minted[]>;

  /**
   * Ask that one blocked change be allowed.
   *
   * @throws Refused a rule says no.
   * @throws InvalidInput a reason that is none.
   */
  askUnlock(sessionId: string, write: Write, reason: string): Promise<AskedFor>;

  /**
   * Use up what was allowed for exactly `write`; never sent twice.
   *
   * @throws SessionOver it has ended.
   */
  spend(sessionId: string, write: Write): Promise<Spent>;

  /**
   * Do, or look at, what a user says of their own account, for whom the app vouches.
   *
   * @throws NotFound nobody asks them that, or there is no such user.
   * @throws Conflict nothing is asked for, or it was answered already.
   */
  tell(said: UserSays): Promise<Told>;

  /**
   * News of the application's sessions as they happen, with a beat each second.
   *
   * The first beat says that the stream stands. Ends or throws when it breaks.
   */
  follow(lastEventId: string | null): AsyncIterable<News>;

  /** Let go of connections. */
  close(): void;
}
