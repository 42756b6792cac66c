/** The sessions of a fake service: whose they are, how long they live, and why they are over. */

import { OVERLAY } from "../cookies.ts";
import { NotFound, TokenInvalid } from "../core/errors.ts";
import { EndCause, LEASE } from "../core/sessions.ts";
import { Secret } from "../secret.ts";
import { type ActiveSession, Opened } from "../values.ts";

/** A session that a test has opened. `headers` are those of the actor's browser. */
export class FakeSession {
  readonly id: string;
  readonly token: string;

  constructor(id: string, token: string) {
    this.id = id;
    this.token = token;
  }

  /** What makes a request belong to the session, and come from one of its pages. */
  get headers(): { cookie: string; "understudy-page": string } {
    return { cookie: `${OVERLAY}=${this.token}`, "understudy-page": this.id };
  }
}

/** Kept by id and by token. Limits are those of the service, by `clock`. */
export class FakeSessions {
  readonly #clock: () => Date;
  readonly #sessions = new Map<string, ActiveSession>();
  readonly #ids = new Map<string, string>();
  readonly over = new Map<string, EndCause>();

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** A new session behind `token`. */
  add(session: ActiveSession, token: string): void {
    this.#sessions.set(session.id, session);
    this.#ids.set(token, session.id);
  }

  /** Whether there is, or was, such a session. */
  knows(sessionId: string): boolean {
    return this.#sessions.has(sessionId);
  }

  /** Every session, oldest first. */
  all(): ActiveSession[] {
    return [...this.#sessions.values()];
  }

  /**
   * The session of that id.
   *
   * @throws NotFound no such session.
   */
  session(sessionId: string): ActiveSession {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) throw new NotFound();
    return session;
  }

  /** Whether a session lives in which somebody works as this user. */
  somebodyIs(subjectId: string): boolean {
    const theirs = this.all().filter(({ subject }) => subject.id === subjectId);
    return theirs.some(({ id }) => this.overBecause(id) === null);
  }

  /**
   * The session behind `token`.
   *
   * @throws TokenInvalid there is none.
   */
  idOf(token: string): string {
    const sessionId = this.#ids.get(token);
    if (sessionId === undefined) throw new TokenInvalid();
    return sessionId;
  }

  /**
   * Why a session is over, if anybody has ended it or a limit has come.
   *
   * @throws NotFound no such session.
   */
  overBecause(sessionId: string): EndCause | null {
    const session = this.session(sessionId);
    const now = this.#clock();
    const cause = this.over.get(sessionId);
    if (cause !== undefined) return cause;
    if (now >= session.endsAt) return EndCause.TIME_LIMIT;
    return now >= session.idleEndsAt ? EndCause.IDLE : null;
  }

  /** Something is done in a session, which puts its idle end off, never its end. */
  touch(sessionId: string): void {
    const session = this.session(sessionId);
    const idle = session.idleEndsAt.getTime() - session.lastActiveAt.getTime();
    const now = this.#clock();
    const idleEndsAt = new Date(now.getTime() + idle);
    this.#sessions.set(sessionId, { ...session, lastActiveAt: now, idleEndsAt });
  }

  /** A live session as the service tells of it. */
  opened(token: string, told: Pick<Opened, "logIndex" | "returnTo" | "toldAs">): Opened {
    const session = this.session(this.idOf(token));
    const now = this.#clock();
    const lease = new Date(now.getTime() + LEASE * 1_000);
    return new Opened({
      session: { ...session, idleEndsAt: earlier(session.idleEndsAt, session.endsAt) },
      sessionToken: new Secret(token),
      leaseExpiresAt: earlier(lease, session.endsAt),
      serverTime: now,
      ...told,
    });
  }
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
