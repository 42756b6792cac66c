/** The fake service itself: what tests tell it, and what apps ask of it. */

import type { Ask, Granted } from "../asks.ts";
import { SessionOver, TokenInvalid, Unavailable } from "../core/errors.ts";
import type { BlockedAction, Scope } from "../core/restrictions.ts";
import { SessionOrigins } from "../core/sessionOrigins.ts";
import { EndCause } from "../core/sessions.ts";
import type { Write } from "../core/unlocks.ts";
import type { Gateway } from "../gateway.ts";
import { Secret } from "../secret.ts";
import { Understudy } from "../understudy.ts";
import type { AskedFor, Spent } from "../unlock/values.ts";
import type { Told, UserSays } from "../userSays.ts";
import {
  type ActiveSession,
  type Actor,
  type Minted,
  NAMED_BY_APPLICATION,
  type News,
  type Opened,
  type Organization,
  type Phase,
  type Presented,
  type RecordedAction,
  type Subject,
} from "../values.ts";
import { Asks, type FakeUser } from "./asks.ts";
import { Changes } from "./changes.ts";
import { Streams } from "./news.ts";
import { Offers } from "./offers.ts";
import { Records } from "./records.ts";
import { FakeSession, FakeSessions } from "./sessions.ts";
import { Unlocks } from "./unlocks.ts";
import { Users } from "./users.ts";

export const ISSUER = "https://understudy.test";
const APPLICATION_ID = "app_test";
const MINUTE = 60_000;

/** What an opened session is to be like; the rest is made up. */
export interface OpenOptions {
  readonly subject?: Partial<Subject>;
  readonly actor?: Partial<Actor>;
  readonly organization?: Organization | null;
  readonly scope?: Scope;
  readonly blockedActions?: readonly BlockedAction[];
  /** Whether single changes can be asked for. */
  readonly unlocks?: boolean;
  readonly reason?: string;
  readonly ticket?: string | null;
  readonly minutes?: number;
  readonly idleMinutes?: number;
  readonly origin?: string | null;
  /** For a grant that is launched anew. */
  readonly grantId?: string;
}

/** What a token is bound to. */
export type OfferOptions = Partial<Pick<Presented, "wire" | "redirectUri">> & {
  readonly codeVerifier?: string;
  readonly returnTo?: string | null;
};

/**
 * Stands for Understudy. Keeps everything in memory.
 *
 * `reachable` turns the whole service off and on, `streaming` only its news. `origin` is the one
 * that a session gets which staff ask for; null for the app's own.
 */
export class FakeGateway implements Gateway {
  readonly clock: () => Date;
  reachable = true;
  streaming = true;
  origin: string | null = null;
  readonly calls: string[] = [];
  readonly users = new Users();
  readonly #sessions: FakeSessions;
  readonly #offers: Offers;
  readonly #asks = new Asks();
  readonly #records = new Records();
  readonly #unlocks = new Unlocks();
  readonly #changes = new Changes();
  readonly #news = new Streams(this.#changes);
  #number = 0;

  constructor({ clock = () => new Date() }: { clock?: () => Date } = {}) {
    this.clock = clock;
    this.#sessions = new FakeSessions(clock);
    this.#offers = new Offers(() => clock().getTime() / 1_000);
  }

  /** The handle for the app's middleware, as `Understudy.remote` would make it. */
  understudy({ sessionOrigins }: { sessionOrigins?: string } = {}): Understudy {
    return new Understudy({
      connect: () => this,
      client: {
        issuer: ISSUER,
        clientId: APPLICATION_ID,
        key: new Secret("a key for tests"),
        redirectUrl: null,
        sessionOrigins: sessionOrigins ? SessionOrigins.parse(sessionOrigins) : null,
      },
    });
  }

  /** A live session of an actor as a subject, at an `origin` of its own if there is one. */
  open(options: OpenOptions = {}): FakeSession {
    const number = String(this.#next()).padStart(8, "0");
    const now = this.clock();
    const session: ActiveSession = {
      id: `ses_${number}`,
      grantId: options.grantId ?? `grt_${number}`,
      applicationId: APPLICATION_ID,
      actor: { ...SAM, ...options.actor },
      subject: { ...ADA, ...options.subject },
      organization: options.organization ?? null,
      reason: options.reason ?? "Ticket 1: cannot see the invoice",
      ticket: options.ticket === undefined ? "T-1" : options.ticket,
      restrictions: {
        scope: options.scope ?? "full",
        blockedActions: options.blockedActions ?? [],
        unlocks: options.unlocks ?? false,
      },
      startedAt: now,
      endsAt: new Date(now.getTime() + (options.minutes ?? 30) * MINUTE),
      idleEndsAt: new Date(now.getTime() + (options.idleMinutes ?? 10) * MINUTE),
      lastActiveAt: now,
      origin: options.origin ?? null,
    };
    const token = `uss_${number.padStart(43, "0")}`;
    this.#sessions.add(session, token);
    return new FakeSession(session.id, token);
  }

  /** An impersonation token that is exchanged for `session`, once, on its own wire. */
  offer(session: FakeSession, options: OfferOptions = {}): string {
    const token = `usi_${String(this.#next()).padStart(43, "0")}`;
    const { codeVerifier, redirectUri = null, returnTo = null, wire = "native" } = options;
    const bound = {
      token: new Secret(token),
      wire,
      codeVerifier: codeVerifier === undefined ? null : new Secret(codeVerifier),
      redirectUri,
      attempt: null,
    };
    this.#offers.add(bound, session.token, returnTo);
    return token;
  }

  /** All that were opened here or that staff have asked for, oldest first, live or over. */
  sessions(): ActiveSession[] {
    return this.#sessions.all();
  }

  /** The session of that id: whose it is, who acts in it, and why. */
  session(sessionId: string): ActiveSession {
    return this.#sessions.session(sessionId);
  }

  /** End a session as somebody else would. Resolves once the app has heard of it. */
  async revoke(sessionId: string, cause: EndCause = EndCause.REVOKED): Promise<void> {
    const { over } = this.#sessions;
    if (over.has(sessionId)) return;
    over.set(sessionId, cause);
    const eventId = String(over.size);
    this.#changes.tell();
    await this.#news.tell({ kind: "session_closed", sessionId, cause, eventId });
  }

  /** Why the session is over; null while it lives. Waits for nothing. */
  ended(sessionId: string): EndCause | null {
    return this.#sessions.over.get(sessionId) ?? null;
  }

  /**
   * Why the session is over, once it is.
   *
   * @throws Error it goes on.
   */
  async waitUntilEnded(sessionId: string): Promise<EndCause> {
    const otherwise = () => `session ${sessionId} goes on`;
    return await this.#changes.until(() => this.ended(sessionId), otherwise);
  }

  /**
   * What was recorded in a session, in order, once there are `atLeast` so many.
   *
   * @throws Error fewer arrived.
   */
  async actions(
    sessionId: string,
    { atLeast = 1, phase = null }: { atLeast?: number; phase?: Phase | null } = {},
  ): Promise<RecordedAction[]> {
    const found = () => this.#records.of(sessionId, phase);
    const enough = () => (found().length >= atLeast ? found() : null);
    const otherwise = () => `only ${found().length} of ${atLeast} actions arrived`;
    return await this.#changes.until(enough, otherwise);
  }

  /** Cut the streams of news; the app connects again if `streaming`. */
  breakStreams(): void {
    this.#news.cut();
  }

  /**
   * Resolves once the app hears the news.
   *
   * @throws Error it does not connect.
   */
  async waitForFollowers(): Promise<void> {
    const isFollowed = () => this.#news.isFollowed() || null;
    await this.#changes.until(isFollowed, () => "nobody follows the news");
  }

  /**
   * Resolves once the app has asked for `verb` so often.
   *
   * @throws Error it does not.
   */
  async waitForCalls(verb: keyof Gateway, atLeast: number): Promise<void> {
    const times = () => this.calls.filter((called) => called === verb).length;
    const otherwise = () => `${verb} was asked for ${times()} times`;
    await this.#changes.until(() => times() >= atLeast || null, otherwise);
  }

  /** A user whom staff may ask for; from the first one on, nobody else exists. */
  user(subjectId: string, user: FakeUser = {}): void {
    this.#asks.name(subjectId, user);
  }

  /** See `Gateway`. */
  async tell(said: UserSays): Promise<Told> {
    this.#called("tell");
    return this.users.tell(said);
  }

  /** See `Gateway`. */
  async request(ask: Ask): Promise<Granted> {
    this.#called("request");
    const [subject, limits] = this.#asks.judged(ask, this.#sessions.somebodyIs(ask.actor.id));
    const actor = { ...ask.actor, kind: NAMED_BY_APPLICATION };
    const opened = this.open({ ...limits, subject, actor, origin: this.origin });
    const { grantId, origin } = this.session(opened.id);
    return { grantId, token: new Secret(this.offer(opened)), origin };
  }

  /** See `Gateway`. */
  async exchange(presented: Presented): Promise<Opened> {
    this.#called("exchange");
    const offer = this.#offers.take(presented);
    const sessionId = this.#sessions.idOf(offer.sessionToken);
    const now = this.clock().getTime() / 1_000;
    if (offer.usedAt === null) {
      offer.usedAt = now;
      offer.attempt = presented.attempt;
    } else if (this.#sessions.overBecause(sessionId) !== null || !offer.isAttempt(presented, now)) {
      if (offer.replayRevokes) await this.revoke(sessionId, EndCause.TOKEN_REPLAYED);
      throw new TokenInvalid();
    }
    return await this.#opened(offer.sessionToken, offer.returnTo);
  }

  /** See `Gateway`. */
  async refresh(sessionToken: Secret): Promise<Opened> {
    this.#called("refresh");
    return await this.#opened(sessionToken.reveal());
  }

  /** See `Gateway`. */
  async end(sessionId: string, cause: EndCause): Promise<boolean> {
    this.#called("end");
    if (this.#sessions.knows(sessionId)) await this.revoke(sessionId, cause);
    return true;
  }

  /** See `Gateway`. */
  async sessionsOf(actorIds: ReadonlySet<string>): Promise<readonly string[]> {
    this.#called("sessionsOf");
    const theirs = this.sessions().filter(({ actor }) => actorIds.has(actor.id));
    const live = theirs.filter(({ id }) => this.#sessions.overBecause(id) === null);
    return live.map(({ id }) => id);
  }

  /** See `Gateway`. */
  async record(sessionId: string, actions: readonly RecordedAction[], key: string): Promise<void> {
    this.#called("record");
    const cause = this.#sessions.overBecause(sessionId);
    if (this.#records.has(sessionId, actions, key)) return;
    if (cause === null) this.#sessions.touch(sessionId);
    else if (actions.some(({ phase }) => phase === "intended")) {
      throw new SessionOver(null, { facts: { cause } });
    }
    this.#records.add(sessionId, actions, key);
    this.#changes.tell();
  }

  /** See `Gateway`. */
  async minted(): Promise<readonly Minted[]> {
    this.#called("minted");
    const over = this.sessions().filter(({ id }) => this.#sessions.overBecause(id) !== null);
    return over.flatMap(({ id }) => this.#records.minted(id));
  }

  /** The changes that were asked for in a session, and why, in order. */
  askedUnlocks(sessionId: string): readonly (readonly [write: Write, reason: string])[] {
    return this.#unlocks.of(sessionId);
  }

  /** Let a change pass that was asked for, once. */
  allow(sessionId: string, write: Write): void {
    this.#unlocks.allow(sessionId, write);
  }

  /** See `Gateway`. */
  async askUnlock(sessionId: string, write: Write, reason: string): Promise<AskedFor> {
    this.#called("askUnlock");
    return this.#unlocks.ask(sessionId, write, reason);
  }

  /** See `Gateway`. */
  async spend(sessionId: string, write: Write): Promise<Spent> {
    this.#called("spend");
    const cause = this.#sessions.overBecause(sessionId);
    if (cause !== null) throw new SessionOver(null, { facts: { cause } });
    return this.#unlocks.spend(sessionId, write);
  }

  /** See `Gateway`; news that were missed are not told again. */
  async *follow(): AsyncGenerator<News> {
    this.#called("follow");
    if (!this.streaming) throw new Unavailable();
    for await (const news of this.#news.follow()) {
      if (!(this.streaming && this.reachable)) return;
      yield news;
    }
  }

  /** See `Gateway`. */
  close(): void {
    this.breakStreams();
  }

  async #opened(token: string, returnTo: string | null = null): Promise<Opened> {
    const sessionId = this.#sessions.idOf(token);
    const cause = this.#sessions.overBecause(sessionId);
    if (cause === null) {
      const { toldAs } = this.users;
      return this.#sessions.opened(token, { logIndex: this.#records.count, returnTo, toldAs });
    }
    await this.revoke(sessionId, cause);
    throw new SessionOver(null, { facts: { cause } });
  }

  #called(verb: keyof Gateway): void {
    this.calls.push(verb);
    this.#changes.tell();
    if (!this.reachable) throw new Unavailable();
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}

const SAM: Actor = {
  kind: "operator",
  id: "opr_sam",
  email: "sam@support.test",
  name: "Sam Support",
};
const ADA: Subject = { id: "42", email: "ada@customer.test", name: "Ada Customer", roles: [] };
