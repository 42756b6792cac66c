/** How an actor leaves a session: asked whether to, and ending it. */

import type { Addresses } from "./addresses.ts";
import { emptied } from "./appCookies.ts";
import { type BrowserSessions, tokenOf } from "./browserSessions.ts";
import { Ended } from "./cache.ts";
import { clearCookie, OVERLAY, OVERLAY_MARK } from "./cookies.ts";
import { MalformedRequest, SetupError } from "./core/errors.ts";
import { type Epoch, isKnown } from "./epoch.ts";
import { OF_ANOTHER } from "./pageJudge.ts";
import { marked, OWN, splitQuery } from "./pageMarks.ts";
import { confirmPage, leftPage, notEndedPage } from "./pages.ts";
import { ASK_SECONDS, type VisitSteps, waiting } from "./passage/steps.ts";
import { crossSiteRefusal } from "./sameSite.ts";
import type { Secret } from "./secret.ts";
import type { ActiveSession } from "./values.ts";
import {
  type Answer,
  type Headers,
  jsonAnswer,
  problem,
  seeOther,
  type Visit,
  wantsPage,
} from "./visit.ts";
import { forgotten, type WayBack } from "./wayBack.ts";
import { refusalText } from "./wording.ts";

/** Where the actor goes from the end of a session. */
export type AfterEnd = "dashboard" | "page";

export interface LeavingParts {
  readonly addresses: Addresses;
  readonly sessions: BrowserSessions;
  readonly epoch: Epoch;
  readonly wayBack: WayBack;
  readonly afterEnd?: AfterEnd;
}

/**
 * Answers visits to the end of a session. It always works: what is in doubt counts as an end, as
 * ending takes power away and gives none.
 */
export class Leaving {
  readonly #addresses: Addresses;
  readonly #sessions: BrowserSessions;
  readonly #epoch: Epoch;
  readonly #wayBack: WayBack;
  readonly #afterEnd: AfterEnd;

  constructor({ addresses, sessions, epoch, wayBack, afterEnd = "dashboard" }: LeavingParts) {
    if (!["dashboard", "page"].includes(afterEnd)) {
      throw new SetupError(`afterEnd is dashboard or page, and not ${afterEnd}.`);
    }
    this.#addresses = addresses;
    this.#sessions = sessions;
    this.#epoch = epoch;
    this.#wayBack = wayBack;
    this.#afterEnd = afterEnd;
  }

  /** Ask whether to end the session. */
  confirm(visit: Visit): Answer {
    const token = tokenOf(visit);
    if (token !== null && this.#isPageOfAnother(visit, token)) return this.#notEnded(visit);
    const found = token === null ? null : this.#sessions.known(token);
    const session = found?.session ?? null;
    const end = this.#endAddress(visit);
    return confirmPage(session, {
      live: token !== null && !(found instanceof Ended),
      end: session === null ? end : marked(end, session.id),
      home: visit.base + this.#addresses.home,
    });
  }

  /** End the session, unless the page on which that was asked for belongs to another one. */
  *end(visit: Visit): VisitSteps<Answer> {
    const refusal = crossSiteRefusal(visit);
    if (refusal !== null) return refusal;
    const token = overlayOf(visit);
    if (token === null) return this.#left(visit, null, null);
    if (this.#isPageOfAnother(visit, token)) return this.#notEnded(visit);
    const left = this.#left(visit, this.#sessions.session(token), token);
    if (this.#sessions.known(token) === null && markOf(visit) !== null) {
      // Another process may know whose page that is; the service does.
      const asked = () => this.#endAsked(visit, token, left);
      return yield* this.#sessions.looking(token, asked, asked);
    }
    yield* waiting(this.#sessions.end(token), ASK_SECONDS);
    return left;
  }

  #endAsked(visit: Visit, token: Secret, left: Answer): Answer {
    if (this.#isPageOfAnother(visit, token)) return this.#notEnded(visit);
    this.#sessions.end(token).catch(() => undefined);
    return left;
  }

  /**
   * Whether an End comes from a page of another session than that of `token`.
   *
   * A page without a mark, as one of an earlier version, and a session that nobody can be asked
   * about, are in doubt.
   */
  #isPageOfAnother(visit: Visit, token: Secret): boolean {
    const mark = markOf(visit);
    const session = this.#sessions.session(token);
    return mark !== null && session !== null && mark !== session.id;
  }

  #notEnded(visit: Visit): Answer {
    if (!isPage(visit)) return problem(409, OF_ANOTHER, refusalText(OF_ANOTHER));
    const home = visit.base + this.#addresses.home;
    return notEndedPage({ end: this.#endAddress(visit), home });
  }

  #left(visit: Visit, session: ActiveSession | null, token: Secret | null): Answer {
    const headers = this.#cleared(visit);
    const back = this.#wayBack.of(visit.cookie, token);
    // The page that was left is at an origin that answers no more.
    const isOutside = this.#afterEnd === "dashboard" || visit.atSessionOrigin;
    const after = isOutside ? this.#addresses.after(session) : this.#addresses.pageLeft(visit);
    const target = back ?? after;
    if (!isPage(visit)) {
      const told = { active: false, ended: true, return_to: target };
      return jsonAnswer(told).withHeaders(...headers);
    }
    // No redirect to another origin, which a page's form-action would stop.
    if (visit.atSessionOrigin || (back === null && isOutside)) {
      return leftPage(target, { toApp: back !== null }).withHeaders(...headers);
    }
    return seeOther(target).withHeaders(...headers);
  }

  #cleared(visit: Visit): Headers {
    if (visit.atSessionOrigin) return emptied(visit.cookie);
    const headers: Headers = [
      ["set-cookie", clearCookie(OVERLAY)],
      // "cookies" would sign the agent out of the app and of the dashboard too.
      ["clear-site-data", '"cache"'],
      ...forgotten(visit.cookie).map((cookie) => ["set-cookie", cookie] as const),
    ];
    if (!visit.cookie.includes(OVERLAY_MARK) && !isKnown(visit.cookie)) return headers;
    // Pages of the session are still open, and must not act as the agent.
    const cookies = this.#epoch.cookies(OWN);
    return [...headers, ...cookies.map((cookie) => ["set-cookie", cookie] as const)];
  }

  #endAddress(visit: Visit): string {
    return this.#addresses.links(visit.base).end;
  }
}

/** The overlay's token; none where there are two, as leaving must work and takes both away. */
function overlayOf(visit: Visit): Secret | null {
  try {
    return tokenOf(visit);
  } catch (error) {
    if (error instanceof MalformedRequest) return null;
    throw error;
  }
}

function markOf(visit: Visit): string | null {
  return splitQuery(visit.query)[1];
}

function isPage(visit: Visit): boolean {
  return wantsPage(new Map(visit.headers));
}
