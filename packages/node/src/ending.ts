/** One ending on its way to the service: of a session, or of all that actors have. */

import { randomBytes } from "node:crypto";
import { EndCause } from "./core/sessions.ts";
import { FIRST_PAUSE, longerThan } from "./pause.ts";
import type { Secret } from "./secret.ts";

/** What is known of whatever is to end. */
export type EndingKind = "session" | "token" | "actors";

/**
 * How many endings wait. Anybody may make up a token; and of actors there is one, beside those of
 * earlier processes.
 */
export const MOST: Readonly<Record<EndingKind, number>> = {
  session: 10_000,
  token: 1_000,
  actors: 1_000,
};
/** Whose sessions are to end together. */
const MAX_ACTORS = 100_000;

interface EndingFacts {
  readonly sessionId?: string | null;
  readonly token?: Secret | null;
  readonly cause?: EndCause;
  readonly actorIds?: Iterable<string>;
  readonly keepUntil: number;
  readonly name?: string;
  readonly notBefore?: number;
  readonly kept?: boolean;
}

/**
 * `sessionId` is null while only the token is known: then the service is asked for it. Or while the
 * sessions of actors are still to be found.
 *
 * `askedFor` are those for whom the service was asked, `actorIds` those who came since. Times to
 * send are those of Node's counter, in seconds.
 */
export class Ending {
  sessionId: string | null;
  readonly token: Secret | null;
  readonly cause: EndCause;
  actorIds: Set<string>;
  askedFor = new Set<string>();
  keepUntil: number;
  readonly name: string;
  readonly done: Promise<void>;
  notBefore: number;
  pause = 0;
  kept: boolean;
  #tell: () => void = () => undefined;

  constructor(facts: EndingFacts) {
    this.sessionId = facts.sessionId ?? null;
    this.token = facts.token ?? null;
    this.cause = facts.cause ?? EndCause.REVOKED;
    this.actorIds = new Set(facts.actorIds);
    this.keepUntil = facts.keepUntil;
    this.name = facts.name ?? randomBytes(16).toString("hex");
    this.notBefore = facts.notBefore ?? 0;
    this.kept = facts.kept ?? false;
    this.done = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  /** What is known of whatever is to end. */
  get kind(): EndingKind {
    if (this.sessionId !== null) return "session";
    return this.token === null ? "actors" : "token";
  }

  /** The actors whose sessions are to end. */
  get everybody(): Set<string> {
    return new Set([...this.askedFor, ...this.actorIds]);
  }

  /** How many endings are lost with it. */
  get count(): number {
    return this.everybody.size || 1;
  }

  /** Whether one more actor can wait, which one who waits already always can. */
  hasRoomFor(actorId: string): boolean {
    return this.actorIds.has(actorId) || this.actorIds.size + this.askedFor.size < MAX_ACTORS;
  }

  /** Try again after a pause that grows, unless the process is about to stop. */
  postpone(now: number, hurried: boolean): void {
    this.pause = longerThan(this.pause);
    this.notBefore = now + (hurried ? FIRST_PAUSE : this.pause);
  }

  /** Let whoever waits know that the session is over. */
  tell(): void {
    this.#tell();
  }
}
