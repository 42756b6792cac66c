/** How one of the app's staff starts a session from within the app, by the app's own sign-in. */

import type { Addresses } from "./addresses.ts";
import { Arriving } from "./arriving.ts";
import type { Ask, Granted } from "./asks.ts";
import { asked, Beginning, type Opening } from "./beginning.ts";
import { Refused, Unavailable, UnderstudyError } from "./core/errors.ts";
import type { Epoch } from "./epoch.ts";
import { requireOwnPage } from "./ownAsker.ts";
import { notStartedPage, startedPage } from "./pages.ts";
import { readingBody, type VisitSteps, waiting } from "./passage/steps.ts";
import { crossSiteRefusal } from "./sameSite.ts";
import { isPermitted, readActor, type Staff } from "./staff.ts";
import { MAX_BODY, readTyped, readWanted, type Wanted } from "./startForm.ts";
import { notStarted, UNAVAILABLE_SUBJECT, UNDER_WAY } from "./startRefusals.ts";
import { overlayCookie, type Understudy } from "./understudy.ts";
import type { Actor, Opened } from "./values.ts";
import { type Answer, jsonAnswer, problem, seeOther, type Visit, wantsPage } from "./visit.ts";
import type { WayBack } from "./wayBack.ts";
import { refusalText } from "./wording.ts";

/** How long a person waits for the grant; behind it, for its session. */
const REQUEST_SECONDS = 6;

export interface StartingParts extends Opening {
  readonly epoch: Epoch;
  readonly staff: Staff;
  readonly wayBack: WayBack;
}

/**
 * Answers starts. Whoever asks is somebody of the app's `staff`, by the app's own sign-in, on a
 * page of the app's own, in a browser that holds no session.
 */
export class Starting {
  readonly #understudy: Understudy;
  readonly #addresses: Addresses;
  readonly #epoch: Epoch;
  readonly #staff: Staff;
  readonly #wayBack: WayBack;
  readonly #beginning: Beginning;
  readonly #arriving: Arriving;
  readonly #underWay = new Set<string>();

  constructor(parts: StartingParts) {
    this.#understudy = parts.understudy;
    this.#addresses = parts.addresses;
    this.#epoch = parts.epoch;
    this.#staff = parts.staff;
    this.#wayBack = parts.wayBack;
    this.#beginning = new Beginning(parts, parts.staff);
    this.#arriving = new Arriving(parts, this.#beginning, parts.wayBack);
  }

  /** At the app's own host: a code for the session's origin that asks. */
  hand(visit: Visit): Answer {
    return this.#arriving.hand(visit);
  }

  /** At the session's origin: ask for a code, then begin with it. */
  arrive(visit: Visit): Answer | VisitSteps<Answer> {
    return this.#arriving.arrive(visit);
  }

  /** Begin a session, or say why not, and give a person back what they typed. */
  *start(visit: Visit): VisitSteps<Answer> {
    const refusal = crossSiteRefusal(visit);
    if (refusal !== null) return refusal;
    // Before the app is asked, which may read it to the end.
    const body = yield* readingBody(MAX_BODY + 1);
    try {
      return yield* this.#start(visit, body);
    } catch (error) {
      if (error instanceof UnderstudyError) return this.#refused(visit, error, body);
      throw error;
    }
  }

  *#start(visit: Visit, body: Uint8Array): VisitSteps<Answer> {
    requireOwnPage(visit, "nested");
    const request = visit.request as never;
    const { staffOf, mayStart } = this.#staff;
    const actor = readActor(yield* asked(() => staffOf(request)));
    const wanted = readWanted(visit, body);
    if (mayStart !== null) {
      const permitted = yield* asked(() => mayStart(actor, wanted.subjectId, request));
      if (!isPermitted(permitted)) throw new Refused(null, UNAVAILABLE_SUBJECT);
    }
    return yield* this.#onlyOne(actor, () => this.#begin(visit, askOf(actor, wanted)));
  }

  *#begin(visit: Visit, ask: Ask): VisitSteps<Answer> {
    const granted = yield* this.#granted(ask);
    if (granted.origin !== null) {
      const [target, cookie] = this.#arriving.lead(visit, granted);
      return led(visit, target).withHeaders(["set-cookie", cookie]);
    }
    const [opened, home] = yield* this.#beginning.of(granted.token);
    return this.#begun(visit, opened, home);
  }

  *#granted(ask: Ask): VisitSteps<Granted> {
    const runtime = this.#understudy.runtime();
    const promise = runtime.calls.submit(() => runtime.sessions.request(ask));
    const settled = yield* waiting(promise, REQUEST_SECONDS);
    // Nothing has begun: whoever gets the token after that lets it die.
    if (settled === null) throw new Unavailable(null, { internal: "no answer in time" });
    if ("error" in settled) throw settled.error;
    return settled.value;
  }

  #begun(visit: Visit, opened: Opened, home: string): Answer {
    const target = visit.base + home;
    const { id } = opened.session;
    const answer = isPage(visit) ? seeOther(target) : told(target, id);
    return answer.withHeaders(
      ["set-cookie", overlayCookie(opened)],
      ["set-cookie", this.#wayBack.kept(this.#addresses.pageLeft(visit), opened)],
      ...this.#epoch.begun(id),
    );
  }

  /** Of two presses of a button one starts: the browser would forget the other's session. */
  *#onlyOne<T>(actor: Actor, begin: () => VisitSteps<T>): VisitSteps<T> {
    if (this.#underWay.has(actor.id)) {
      throw new Refused(refusalText(UNDER_WAY), UNDER_WAY);
    }
    this.#underWay.add(actor.id);
    try {
      return yield* begin();
    } finally {
      this.#underWay.delete(actor.id);
    }
  }

  #refused(visit: Visit, error: UnderstudyError, body: Uint8Array): Answer {
    const { status, code, detail, field, signIn, inDoubt } = notStarted(error);
    if (!isPage(visit)) return problem(status, code, detail, { field, sign_in: signIn });
    if (signIn) return seeOther(visit.base + signIn);
    const back = this.#addresses.pageLeft(visit);
    return notStartedPage(status, detail, { back, inDoubt, typed: readTyped(visit, body) });
  }
}

function askOf(actor: Actor, { subjectId, reason, ticket, minutes, scope }: Wanted): Ask {
  return { actor, subjectId, reason, ticket, minutes, scope };
}

/** The way to another origin: no redirect, which a page's `form-action` would stop. */
function led(visit: Visit, target: string): Answer {
  return isPage(visit) ? startedPage(target) : told(target);
}

function told(home: string, session: string | null = null): Answer {
  return jsonAnswer({ started: true, session, home });
}

function isPage(visit: Visit): boolean {
  return wantsPage(new Map(visit.headers));
}
