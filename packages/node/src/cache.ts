/** Sessions that this process may serve without asking, and those that it knows to be over. */

import { AT_WORK } from "./atWork.ts";
import { Banner, type BannerLinks } from "./banner.ts";
import { type Rulebook, rulebook } from "./core/restrictions.ts";
import { EndCause } from "./core/sessions.ts";
import { tokenHash } from "./core/tokens.ts";
import type { ActiveSession, Opened } from "./values.ts";

export const MAX_LIVE = 10_000;
const MAX_ENDED = 20_000;
const MAX_UNKNOWN = 10_000;
/** How many seconds an ended session is remembered: as long as any session may live. */
const REMEMBERED_SECONDS = 3600;
/** How many seconds what a session has put into a queue may be waiting there. */
export const LINGERING_SECONDS = 60;
/** How many seconds a token that the service does not know is not asked for again. */
const UNKNOWN_SECONDS = 60;

/** Seconds of a counter of this machine; the service's clock has no part in it. */
export type Monotonic = () => number;

/** How fresh the service's news are; see `Pulse`. */
export interface Freshness {
  readonly freshUntil: number;
  readonly generation: number;
}

/** When, and by which connection of the stream, the service was asked. */
export interface Sent {
  readonly sentAt: number;
  readonly generation: number;
}

/**
 * A live session in this process; all its times are seconds of a counter of this machine.
 *
 * `idleUntil` moves with each request that is served, and with each touch, of which `touchedAt` is
 * the last.
 */
export class Held {
  readonly session: ActiveSession;
  readonly key: string;
  readonly generation: number;
  readonly readOnly: boolean;
  readonly rulebook: Rulebook;
  readonly usableUntil: number;
  readonly overAt: number;
  idleUntil: number;
  readonly idleSeconds: number;
  touchedAt = Number.NEGATIVE_INFINITY;
  readonly #serverTime: Date;
  readonly #anchor: number;
  #banner: Banner | null = null;

  constructor(opened: Opened, key: string, { sentAt, generation }: Sent) {
    const { session } = opened;
    this.session = session;
    this.key = key;
    this.generation = generation;
    this.readOnly = session.restrictions.scope === "read_only";
    this.rulebook = rulebook(session.restrictions.blockedActions);
    // Counted from the sending, so that a slow answer makes no lease longer.
    this.usableUntil = sentAt + opened.lease;
    this.overAt = sentAt + opened.remaining;
    this.idleUntil = sentAt + opened.idleRemaining;
    this.idleSeconds = opened.idleLimit;
    this.#serverTime = opened.serverTime;
    this.#anchor = sentAt;
  }

  /** The session's banner, kept from one page to the next: an app has one set of links. */
  banner(links: BannerLinks): Banner {
    if (this.#banner?.links !== links) this.#banner = new Banner(this.session, links);
    return this.#banner;
  }

  /** The service's clock at `now`, as far as this machine can tell. */
  serverTime(now: number): Date {
    return new Date(this.#serverTime.getTime() + (now - this.#anchor) * 1000);
  }
}

/** A session that is over, or a token that never was one (`cause` and `session` null). */
export class Ended {
  readonly cause: EndCause | null;
  readonly session: ActiveSession | null;

  constructor(cause: EndCause | null, session: ActiveSession | null = null) {
    this.cause = cause;
    this.session = session;
  }
}

interface Remembered {
  readonly ended: Ended;
  readonly until: number;
}

export interface CacheParts {
  readonly pulse: Freshness;
  readonly monotonic: Monotonic;
}

/** Live and ended sessions by the hash of their token; endings also by session id. */
export class SessionCache {
  readonly #pulse: Freshness;
  readonly #monotonic: Monotonic;
  readonly #live = new Map<string, Held>();
  readonly #keys = new Map<string, string>();
  readonly #ended = new Map<string, Remembered>();
  // Apart from endings, which made-up cookies must not push out of memory.
  readonly #unknown = new Map<string, Remembered>();
  readonly #endedIds = new Map<string, Remembered>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #lastEnding = Number.NEGATIVE_INFINITY;

  constructor({ pulse, monotonic }: CacheParts) {
    this.#pulse = pulse;
    this.#monotonic = monotonic;
  }

  /** The session to serve, its ending, or null when the service must be asked. */
  find(key: string): Held | Ended | null {
    const held = this.#live.get(key);
    const now = this.#monotonic();
    if (held === undefined) {
      const remembered = this.#ended.get(key) ?? this.#unknown.get(key);
      return remembered !== undefined && now < remembered.until ? remembered.ended : null;
    }
    // By this machine's own clock, so that nobody stays in when the service cannot be reached.
    if (now >= held.overAt) return this.close(held.session.id, EndCause.TIME_LIMIT);
    const usable =
      now < held.usableUntil &&
      now < held.idleUntil &&
      now < this.#pulse.freshUntil &&
      held.generation === this.#pulse.generation;
    return usable ? held : null;
  }

  /** What is known of the session, however old. */
  peek(key: string): Held | Ended | null {
    return this.#live.get(key) ?? this.find(key);
  }

  /** The session of that id, live or over, as far as this process has seen it. */
  sessionOf(sessionId: string): ActiveSession | null {
    const held = this.#live.get(this.#keys.get(sessionId) ?? "");
    return held?.session ?? this.#endedIds.get(sessionId)?.ended.session ?? null;
  }

  /**
   * Remember an answer of the service, unless an ending or a reconnection came before it.
   *
   * The caller serves what comes back, which is an ending if the session has ended meanwhile.
   */
  keep(opened: Opened, sent: Sent): Held | Ended {
    const key = tokenHash(opened.sessionToken.reveal());
    const held = new Held(opened, key, sent);
    // An answer may be older than the news: the ending overtook it on the stream, and outranks it.
    const remembered = this.#endedIds.get(opened.session.id);
    if (remembered !== undefined) {
      this.#ended.set(key, remembered);
      return remembered.ended;
    }
    const askedToEnd = this.#unknown.get(key) ?? this.#ended.get(key);
    // Its End was asked for while only the token was known; the service may not know yet.
    if (askedToEnd !== undefined && askedToEnd.ended.cause !== null) {
      return this.close(opened.session.id, askedToEnd.ended.cause, held);
    }
    if (this.#monotonic() >= held.overAt) {
      return this.close(opened.session.id, EndCause.TIME_LIMIT, held);
    }
    makeRoom(this.#keys, MAX_LIVE);
    this.#keys.set(opened.session.id, key);
    // Asked for before the stream broke: it may serve this one request, but is not kept.
    if (sent.generation === this.#pulse.generation) {
      makeRoom(this.#live, MAX_LIVE);
      this.#live.set(key, held);
    }
    AT_WORK.begins(this);
    return held;
  }

  /** Take a session for ended from now on, whatever answers are still under way. */
  close(sessionId: string, cause: EndCause | null, answered: Held | null = null): Ended {
    const remembered = this.#endedIds.get(sessionId);
    if (remembered !== undefined) return remembered.ended;
    const key = answered?.key ?? this.#keys.get(sessionId);
    const held = answered ?? this.#live.get(key ?? "");
    const ended = new Ended(cause, held?.session ?? null);
    this.#add(this.#endedIds, sessionId, ended, MAX_ENDED);
    this.#keys.delete(sessionId);
    if (key !== undefined) {
      this.#live.delete(key);
      this.#add(this.#ended, key, ended, MAX_ENDED);
    }
    const watchers = this.#watchers.get(sessionId) ?? [];
    this.#watchers.delete(sessionId);
    for (const watcher of watchers) watcher();
    return ended;
  }

  /**
   * Remember that the service no longer serves a token; or, unless it is `known` to be a session's,
   * that the service does not know it, or that its end was asked for.
   */
  refuse(key: string, cause: EndCause | null, { known = true }: { known?: boolean } = {}): Ended {
    const held = this.#live.get(key);
    if (held !== undefined) return this.close(held.session.id, cause);
    const remembered = this.#ended.get(key) ?? this.#unknown.get(key);
    if (remembered !== undefined && (remembered.ended.cause !== null || cause === null)) {
      return remembered.ended;
    }
    const ended = new Ended(cause);
    if (known) {
      this.#add(this.#ended, key, ended, MAX_ENDED);
    } else {
      const seconds = cause === null ? UNKNOWN_SECONDS : REMEMBERED_SECONDS;
      this.#add(this.#unknown, key, ended, MAX_UNKNOWN, seconds);
    }
    return ended;
  }

  /** Whether a session is served here, or ended so lately that what it left may still wait. */
  isBusy(): boolean {
    const now = this.#monotonic();
    for (const { overAt } of this.#live.values()) if (now < overAt) return true;
    return now < this.#lastEnding + LINGERING_SECONDS;
  }

  /** Call `watcher` once when the session ends; at once if it has. */
  watch(sessionId: string, watcher: () => void): void {
    if (this.#endedIds.has(sessionId)) {
      watcher();
      return;
    }
    const watchers = this.#watchers.get(sessionId);
    if (watchers === undefined) this.#watchers.set(sessionId, new Set([watcher]));
    else watchers.add(watcher);
  }

  /** Forget `watcher`. */
  unwatch(sessionId: string, watcher: () => void): void {
    const watchers = this.#watchers.get(sessionId);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(sessionId);
  }

  #add(
    endings: Map<string, Remembered>,
    key: string,
    ended: Ended,
    most: number,
    seconds = REMEMBERED_SECONDS,
  ): void {
    const now = this.#monotonic();
    // Insertion order is order of time, so the oldest stand first.
    for (const [oldest, { until }] of endings) {
      if (until > now) break;
      endings.delete(oldest);
    }
    makeRoom(endings, most);
    endings.set(key, { ended, until: now + seconds });
    if (endings === this.#ended) this.#lastEnding = now;
  }
}

function makeRoom(entries: Map<string, unknown>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size < most) return;
    entries.delete(oldest);
  }
}
