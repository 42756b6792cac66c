/**
 * What the app's own users do about those who work in their account: agree, look, complain.
 *
 * Only ever on the user's own genuine login, which the app's callable tells; never in a browser
 * that holds a session, and never by whoever the app's `staff` knows, as far as it lets somebody in.
 */

import type { Addresses } from "./addresses.ts";
import { asked } from "./beginning.ts";
import { type BrowserSessions, overlayIn } from "./browserSessions.ts";
import { Held } from "./cache.ts";
import { MAX_BODY, readSaid } from "./consentForm.ts";
import * as pages from "./consentPages.ts";
import { NotSignedIn, Refused, Unavailable, UnderstudyError } from "./core/errors.ts";
import { requireId } from "./core/text.ts";
import { complain, nameOf } from "./logging.ts";
import { requireNoSession, requireOwnPage } from "./ownAsker.ts";
import { readingBody, type VisitSteps, waiting } from "./passage/steps.ts";
import { crossSiteRefusal } from "./sameSite.ts";
import type { Staff } from "./staff.ts";
import type { Understudy } from "./understudy.ts";
import { type Deed, GIVES, shown, type Told, type UserSays } from "./userSays.ts";
import { type Answer, jsonAnswer, problem, seeOther, type Visit, wantsPage } from "./visit.ts";
import { refusalText } from "./wording.ts";

/** Which of the app's users makes `request`, by the app's own sign-in; nothing for nobody. */
export type ConsentOf<Request> = (
  request: Request,
) => string | number | null | undefined | Promise<string | number | null | undefined>;

export interface ConsentingParts {
  readonly understudy: Understudy;
  readonly addresses: Addresses;
  readonly sessions: BrowserSessions;
  readonly consentOf: ConsentOf<never>;
  readonly staff: Staff | null;
}

/** How long a person waits for the service. */
const SECONDS = 6;
const NOT_YOU = "forbidden_while_impersonating";
const BY_STAFF = "consent_by_staff";
const MAX_ID = 255;
const CONSENT = new Set<Deed>(["agree", "withdraw", "allow", "decline", "code"]);
const HISTORY = new Set<Deed>(["end", "not_agreed"]);
const SIGN_IN = "Sign in to the app first.";

/** Answers visits to the user's own pages. */
export class Consenting {
  readonly #understudy: Understudy;
  readonly #addresses: Addresses;
  readonly #sessions: BrowserSessions;
  readonly #consentOf: ConsentOf<never>;
  readonly #staff: Staff | null;

  constructor({ understudy, addresses, sessions, consentOf, staff }: ConsentingParts) {
    this.#understudy = understudy;
    this.#addresses = addresses;
    this.#sessions = sessions;
    this.#consentOf = consentOf;
    this.#staff = staff;
  }

  /** What the user is asked for, and what they agreed to. */
  consent(visit: Visit): VisitSteps<Answer> {
    return this.#looked(visit, "state", pages.consentPage);
  }

  /** Who has accessed the user's account. */
  history(visit: Visit): VisitSteps<Answer> {
    return this.#looked(visit, "history", pages.historyPage);
  }

  /** What the user says about consent. */
  say(visit: Visit): VisitSteps<Answer> {
    return this.#said(visit, CONSENT, "consent");
  }

  /** End a session in the account, or say that it was not agreed. */
  complain(visit: Visit): VisitSteps<Answer> {
    return this.#said(visit, HISTORY, "access-history");
  }

  *#looked(visit: Visit, deed: Deed, page: pages.Page): VisitSteps<Answer> {
    try {
      requireNoSession(visit, NOT_YOU);
      const subjectId = yield* this.#user(visit);
      const answer = yield* this.#told({ subjectId, deed, target: "", facts: {} });
      const told = shown(deed, answer);
      return isForPeople(visit) ? page(told, this.#links(visit)) : jsonAnswer(told);
    } catch (error) {
      return this.#refused(visit, error);
    }
  }

  *#said(visit: Visit, among: ReadonlySet<Deed>, name: string): VisitSteps<Answer> {
    const refusal = crossSiteRefusal(visit);
    if (refusal !== null) return refusal;
    // Before the app is asked, which may read it to the end.
    const body = yield* readingBody(MAX_BODY + 1);
    try {
      requireOwnPage(visit, NOT_YOU);
      const subjectId = yield* this.#user(visit);
      const said = readSaid(visit, body, { subjectId, among });
      if (GIVES.has(said.deed)) yield* this.#requireNoStaff(visit);
      const told = yield* this.#told(said);
      if (!isForPeople(visit)) return jsonAnswer(told);
      if (said.deed === "code") return pages.codePage(told, this.#links(visit));
      return seeOther(`${visit.base}${this.#addresses.prefix}/${name}`);
    } catch (error) {
      return this.#refused(visit, error);
    }
  }

  *#user(visit: Visit): VisitSteps<string> {
    const given = yield* asked(() => this.#consentOf(visit.request as never));
    if (given === null || given === undefined) throw new NotSignedIn(SIGN_IN);
    // Many apps number their users; a number that was rounded is another one's.
    const user = Number.isSafeInteger(given) ? String(given) : given;
    if (isId(user)) return user;
    complain(`The app's consentOf() gave ${nameOf(given)}, so nobody was asked`, {
      action: "ask_consent_of",
    });
    throw new NotSignedIn(SIGN_IN);
  }

  *#requireNoStaff(visit: Visit): VisitSteps<void> {
    const staff = this.#staff;
    if (staff === null) return;
    // Whatever it gives or throws but a plain no is somebody who might start a session.
    const found = yield* asked(() => staff.staffOf(visit.request as never));
    if (found !== null && found !== undefined) throw new Refused(refusalText(BY_STAFF), BY_STAFF);
  }

  *#told(said: UserSays): VisitSteps<Told> {
    const runtime = this.#understudy.runtime();
    const promise = runtime.calls.submit(() => runtime.gateway.tell(said));
    const settled = yield* waiting(promise, SECONDS);
    if (settled === null) throw new Unavailable(null, { internal: "no answer in time" });
    if ("error" in settled) throw settled.error;
    return settled.value;
  }

  #refused(visit: Visit, error: unknown): Answer {
    if (!(error instanceof UnderstudyError)) throw error;
    const code = error instanceof Refused ? error.rule : error.code;
    if (code === NOT_YOU) this.#record(visit);
    if (!isForPeople(visit)) return problem(error.status, code, error.detail);
    return pages.refusedPage(error.status, error.detail, this.#links(visit));
  }

  /** Tell the log of the session, in which somebody tried to agree to it, that they did. */
  #record(visit: Visit): void {
    const token = overlayIn(visit.cookie);
    const held = token === null ? null : this.#sessions.known(token);
    if (!(held instanceof Held)) return;
    const runtime = this.#understudy.runtime();
    const action = runtime.action({
      id: runtime.newActionId(),
      phase: "blocked",
      method: visit.method,
      path: `${this.#addresses.prefix}/consent`,
      route: null,
      status: 403,
      durationMs: null,
      rule: NOT_YOU,
      address: visit.address,
      userAgent: visit.header("user-agent"),
    });
    runtime.recorder.add(held.session.id, action, held.overAt);
  }

  #links(visit: Visit): pages.Links {
    const own = visit.base + this.#addresses.prefix;
    return {
      consent: `${own}/consent`,
      history: `${own}/access-history`,
      home: visit.base + this.#addresses.home,
    };
  }
}

function isForPeople(visit: Visit): boolean {
  return wantsPage(new Map(visit.headers));
}

function isId(user: unknown): user is string {
  if (typeof user !== "string" || user.length === 0 || user.length > MAX_ID) return false;
  try {
    requireId(user, "subject_id");
    return true;
  } catch (error) {
    if (error instanceof UnderstudyError) return false;
    throw error;
  }
}
