/** Decides for every request in the app, without any I/O, whether and as whom it goes on. */

import { Ended, type Held, type Monotonic, type SessionCache } from "./cache.ts";
import { DuplicateCookie, isToken, OVERLAY, readCookie } from "./cookies.ts";
import { type Blocked, effectiveMethods, onlyRead } from "./core/restrictions.ts";
import { tokenHash } from "./core/tokens.ts";
import { isKnown } from "./epoch.ts";
import { judgePage, REPORT } from "./pageJudge.ts";
import { OWN } from "./pageMarks.ts";
import { type ReadOnlyPolicy, SafeMethodsOnly } from "./readOnly.ts";
import { Secret } from "./secret.ts";
import { Unmarked } from "./unmarked.ts";

export interface AskedFacts {
  readonly cookie: string;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly authorization?: boolean;
  readonly socket?: boolean;
  readonly mark?: string | null;
  readonly unmarked?: Unmarked;
  readonly overridden?: boolean;
  readonly reads?: boolean;
}

/**
 * What a request says of itself. `paths` are all readings of its path that routers use.
 *
 * `cookie` is the whole Cookie header; several are joined by `; `. `mark` is whose page it says to
 * come from, `unmarked` what becomes of it without. `overridden` says that a header or the query names
 * a method; what a form may name is in its body. `reads` says that the app has declared its route to
 * change nothing.
 */
export class Asked {
  readonly cookie: string;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly authorization: boolean;
  readonly socket: boolean;
  readonly mark: string | null;
  readonly unmarked: Unmarked;
  readonly overridden: boolean;
  readonly reads: boolean;

  constructor(facts: AskedFacts) {
    this.cookie = facts.cookie;
    this.methods = facts.methods;
    this.paths = facts.paths;
    this.authorization = facts.authorization ?? false;
    this.socket = facts.socket ?? false;
    this.mark = facts.mark ?? null;
    this.unmarked = facts.unmarked ?? Unmarked.BY_METHOD;
    this.overridden = facts.overridden ?? false;
    this.reads = facts.reads ?? false;
  }

  /** True where nothing is changed, whichever of the methods an app goes by. */
  get onlyReads(): boolean {
    return onlyRead(this.methods);
  }

  /** True where something may be changed, now or by what is sent later. */
  get changes(): boolean {
    return this.socket || !onlyRead(this.methods);
  }
}

/** No overlay: the request is none of our business. */
export class Pass {
  readonly kind = "pass";
}

/** Ask the service about `token`, then come back with `Guard.judge`. */
export class NeedsRefresh {
  readonly token: Secret;
  readonly key: string;

  constructor(token: Secret, key: string) {
    this.token = token;
    this.key = key;
  }
}

interface Concerned {
  readonly label?: string | null;
  readonly held?: Held | null;
  readonly ended?: Ended | null;
  readonly offer?: string | null;
  readonly differs?: readonly string[];
}

/**
 * Go no further. `held` is the session that goes on; `ended` the one that does not.
 *
 * `offer` is a change that can be asked for, packed; `differs` are the fields in which it is another
 * than the one that was allowed.
 */
export class Refuse {
  readonly status: number;
  readonly code: string;
  readonly label: string | null;
  readonly held: Held | null;
  readonly ended: Ended | null;
  readonly offer: string | null;
  readonly differs: readonly string[];

  constructor(status: number, code: string, concerned: Concerned = {}) {
    this.status = status;
    this.code = code;
    this.label = concerned.label ?? null;
    this.held = concerned.held ?? null;
    this.ended = concerned.ended ?? null;
    this.offer = concerned.offer ?? null;
    this.differs = concerned.differs ?? [];
  }
}

/** A session that is held says: go on as its subject. */
export type Verdict = Pass | Held | NeedsRefresh | Refuse;

export const PASS = new Pass();
export const UNAVAILABLE = new Refuse(503, "unavailable");
const DROPPED = new Refuse(204, REPORT);
const READS: readonly string[] = ["GET", "HEAD"];

export interface GuardParts {
  readonly cache: SessionCache;
  readonly monotonic: Monotonic;
  readonly recorderFull: (sessionId: string) => boolean;
  readonly readOnly?: ReadOnlyPolicy;
}

/** Fails closed: whatever is not certain is asked for or refused. */
export class Guard {
  readonly #cache: SessionCache;
  readonly #monotonic: Monotonic;
  readonly #recorderFull: (sessionId: string) => boolean;
  readonly #readOnly: ReadOnlyPolicy;

  constructor({ cache, monotonic, recorderFull, readOnly = new SafeMethodsOnly() }: GuardParts) {
    this.#cache = cache;
    this.#monotonic = monotonic;
    this.#recorderFull = recorderFull;
    this.#readOnly = readOnly;
  }

  /** What becomes of a request. */
  decide(asked: Asked): Verdict {
    const value = overlayIn(asked.cookie);
    if (value instanceof Refuse) return value;
    // Nearly all requests end here, so that nothing may stand before it but the look at the cookie.
    if (value === null) {
      const known = isKnown(asked.cookie);
      return known || asked.mark !== null ? ofPage(asked, OWN, known) : PASS;
    }
    // Two identities in one request: whichever layer looks first would win.
    if (asked.authorization) return new Refuse(400, "ambiguous_credentials");
    const key = tokenHash(value);
    const found = this.#cache.find(key);
    if (found !== null) return this.judge(found, asked);
    if (!isToken(value)) return new Refuse(401, "session_over", { ended: new Ended(null) });
    return new NeedsRefresh(new Secret(value), key);
  }

  /** What becomes of a request whose session was just found, or found to be over. */
  judge(found: Held | Ended, asked: Asked): Held | Refuse {
    if (found instanceof Ended) return new Refuse(401, "session_over", { ended: found });
    // First, as the session's rules are none for what another page asks. What only reads and has no
    // mark, which is nearly all, goes on without the call.
    if (needsPage(asked)) {
      const page = ofPage(asked, found.session.id, true);
      if (page === DROPPED) return DROPPED;
      if (page instanceof Refuse) return new Refuse(page.status, page.code, { held: found });
    }
    const blocked = this.#blocked(found, asked);
    if (blocked !== null) {
      return new Refuse(403, blocked.code, { label: blocked.label, held: found });
    }
    return this.letIn(found);
  }

  /** The session, active by this, unless nobody can write down what is done in it. */
  letIn(found: Held): Held | Refuse {
    // What could not be recorded must not be done: better no support than support unseen.
    if (this.#recorderFull(found.session.id)) return UNAVAILABLE;
    // Only what is let in counts as activity, not what was refused.
    found.idleUntil = this.#monotonic() + found.idleSeconds;
    return found;
  }

  #blocked(found: Held, asked: Asked): Blocked | null {
    // Every reading of the path must pass: which one the app's router takes is not known here.
    const blocked = found.rulebook.blocked(asked.methods, asked.paths);
    if (blocked !== null || !found.readOnly) return blocked;
    if (asked.socket) return this.#readOnly.judgeSocket();
    return asked.reads ? null : this.#readOnly.judge(asked.methods);
  }
}

/** Every method that a request may be taken for. */
export function methodsOf(method: string, overrides: readonly string[]): readonly string[] {
  return overrides.length > 0 ? effectiveMethods(method, overrides) : [method.toUpperCase()];
}

function overlayIn(cookie: string): string | null | Refuse {
  try {
    return readCookie(cookie, OVERLAY);
  } catch (error) {
    if (error instanceof DuplicateCookie) return new Refuse(400, "duplicate_cookie");
    throw error;
  }
}

function needsPage(asked: Asked): boolean {
  const [method = ""] = asked.methods;
  const reads = asked.methods.length === 1 && READS.includes(method);
  return asked.mark !== null || asked.unmarked !== Unmarked.BY_METHOD || !reads || asked.socket;
}

function ofPage(asked: Asked, identity: string, known: boolean): Pass | Refuse {
  const { mark, unmarked, changes } = asked;
  const code = judgePage(mark, identity, unmarked, { changes, known });
  if (code === null) return PASS;
  return code === REPORT ? DROPPED : new Refuse(409, code);
}
