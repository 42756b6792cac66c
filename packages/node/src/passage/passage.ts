/** One impersonated request that was let in: whom it serves, and what may still turn it away. */

import type { Pinned } from "../askedBy.ts";
import { Ended, Held } from "../cache.ts";
import { FORBIDDEN, Impersonation, Present } from "../context.ts";
import { OVERLAY, readCookie } from "../cookies.ts";
import { Unavailable } from "../core/errors.ts";
import type { Crossing } from "../crossing.ts";
import { Refuse } from "../guard.ts";
import { policiesIn, type RawHeaders } from "../headers.ts";
import { Insertion } from "../insertion.ts";
import { mayRun, nonceIn } from "../pagePolicy.ts";
import { pageScript } from "../pageScript.ts";
import { OWN_HOST } from "../place.ts";
import type { Routes } from "../routes.ts";
import type { Runtime } from "../runtime.ts";
import { Secret } from "../secret.ts";
import { NOT_ASKED } from "../unasked.ts";
import type { Answer } from "../visit.ts";
import type { ActionLog } from "./actionLog.ts";
import type { Identity } from "./identity.ts";
import type { Request } from "./request.ts";
import { asking, Lazily, type Steps } from "./steps.ts";
import { RequestTelling } from "./telling.ts";
import { answerTo } from "./turnedAway.ts";

export interface PassageParts {
  readonly runtime: Runtime;
  readonly routes: Routes;
  readonly identity: Identity;
  readonly held: Held;
  readonly request: Request;
  readonly log: ActionLog;
  readonly crossing: Crossing;
}

/**
 * Made by `Passages.opening`. `present` is what the app runs under.
 *
 * `missing` is set when a user who is loaded late turns out not to be the subject. Nothing can be
 * turned away at that moment, deep in the app's own code; the answer is, before it goes out.
 */
export class Passage {
  readonly runtime: Runtime;
  readonly held: Held;
  readonly request: Request;
  readonly log: ActionLog;
  readonly crossing: Crossing;
  present: Present;
  missing = false;
  readonly #routes: Routes;
  readonly #identity: Identity;
  #user: unknown = null;

  constructor(parts: PassageParts) {
    this.runtime = parts.runtime;
    this.held = parts.held;
    this.request = parts.request;
    this.log = parts.log;
    this.crossing = parts.crossing;
    this.#routes = parts.routes;
    this.#identity = parts.identity;
    this.present = new Present(Impersonation.of(parts.held.session));
  }

  /** The session's token, as the browser sent it. */
  get token(): Secret {
    return new Secret(readCookie(this.request.asked.cookie, OVERLAY) ?? "");
  }

  /** Take the app's user; false when it is not the subject. */
  admits(user: unknown): boolean {
    if (user instanceof Lazily) {
      this.#user = user.user;
      return true;
    }
    this.#user = user;
    return this.#identity.isSubject(user, this.held.session.subject);
  }

  /** Take note of the user that was loaded late; false when it is not the subject. */
  readonly found = (user: unknown): boolean => {
    // A framework that loads it when somebody looks has so been asked.
    this.present.asked = true;
    this.missing = !this.#identity.isSubject(user, this.held.session.subject);
    return !this.missing;
  };

  /** The app may be called; to change what is asked for, where somebody has allowed that. */
  begin({ unlocked = false } = {}): void {
    const { runtime, held, request } = this;
    const told = new RequestTelling(runtime, held, request);
    this.present = new Present(Impersonation.of(held.session, this.#user, told), { unlocked });
  }

  /** What is kept with the request for the app: its session, and who can tell that it is over. */
  pinned(): Pinned {
    return { impersonation: this.present.impersonation, isOver: this.isOver };
  }

  /** Why the app's answer must not go out, now that it has one. `seen` is its own user. */
  lateRefusal(seen: unknown): Answer | null {
    // The view's own word first: it has done nothing, whatever it shows.
    if (this.present.forbidden) return this.forbidden();
    if (this.missing || this.#isSomebodyElse(seen)) return this.refuse(this.notApplied());
    const known = this.runtime.cache.peek(this.held.key);
    if (known instanceof Ended && this.request.asked.onlyReads) {
      // Ended while the view ran. What it read is not shown any more; what it changed is changed,
      // and whoever sent it shall hear how that went.
      return this.refuse(new Refuse(401, "session_over", { ended: known }));
    }
    return null;
  }

  #isSomebodyElse(seen: unknown): boolean {
    // The very user who was found to be the subject is not asked again.
    const { subject } = this.held.session;
    return seen !== this.#user && this.#identity.contradicts(seen, subject);
  }

  /**
   * Take note of an answer whose app has never looked whom it is for.
   *
   * What comes back is what the log says of a change: the subject may not have been changed.
   */
  unasked(status: number | null, route: string | null): string | null {
    const { log, request } = this;
    if (log.isTold || this.present.asked || status === null || !log.isKept) return null;
    const changes = !request.asked.onlyReads;
    // A page that leads elsewhere shows nothing; a change often does.
    if (status >= (changes ? 400 : 300)) return null;
    this.runtime.unasked.note(request.method, route, request.path);
    return changes ? NOT_ASKED : null;
  }

  /** The answer in place of a view that only the user themself may use. */
  forbidden(): Answer {
    return this.refuse(new Refuse(403, FORBIDDEN, { held: this.held }));
  }

  /** The answer in place of one that the app has failed to give. */
  failed(): Answer {
    return this.#answerTo(new Refuse(500, "app_failed", { held: this.held }));
  }

  /** End the session, because the app would show somebody else. */
  notApplied(): Refuse {
    const cause = "identity_not_applied";
    // Here and for everybody: an app that shows one wrong page will show more of them.
    void this.runtime.end(this.held, cause);
    const ended = new Ended(cause, this.held.session);
    return new Refuse(401, cause, { ended });
  }

  /** Tell the log that the request was turned away; what goes out in place of its answer. */
  refuse(refuse: Refuse): Answer {
    this.log.blocked(refuse.status, refuse.code);
    return this.#answerTo(refuse);
  }

  #answerTo(refuse: Refuse): Answer {
    return answerTo(this.request, refuse, this.#routes, { now: this.runtime.monotonic() });
  }

  /**
   * What is put into a page of the session: its banner, and on the app's own host its mark.
   *
   * At a session's origin nobody else's page is ever open.
   */
  insertion(headers: RawHeaders): Insertion {
    const { request, held } = this;
    const policies = policiesIn(headers);
    const nonce = nonceIn(policies);
    const serverNow = held.serverTime(this.runtime.monotonic());
    const banner = held.banner(this.#routes.links(request.base));
    if (request.place !== OWN_HOST) return new Insertion(banner.render({ serverNow, nonce }));
    const script = this.#routes.pageScript(request.base);
    const canWrite = mayRun(policies, request.origin + script, nonce);
    const head = pageScript(script, held.session.id, nonce);
    return new Insertion(banner.render({ serverNow, nonce, canWrite }), { head });
  }

  /** Headers that tell the browser whose pages are live, where it believes otherwise. */
  corrected(): RawHeaders {
    if (this.request.place !== OWN_HOST) return [];
    return this.#routes.epoch.corrected(this.request.asked.cookie, this.held.session.id);
  }

  /** True once this process knows that the session is over; asks nobody. */
  readonly isOver = (): boolean => this.runtime.cache.find(this.held.key) instanceof Ended;

  /**
   * Whether the answer may go on; false too when nobody can tell any more.
   *
   * For drivers that cannot watch the session beside the answer: to be asked between its parts.
   */
  *looking(): Steps<boolean> {
    const known = this.runtime.cache.find(this.held.key);
    try {
      const found = known ?? (yield* asking(this.runtime, this.token, this.held.key));
      return found instanceof Held;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }
}
