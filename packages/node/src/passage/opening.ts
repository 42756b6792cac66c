/** How an impersonated request begins: in which order what is asked, and when it is turned away. */

import type { Held } from "../cache.ts";
import { UnderstudyError } from "../core/errors.ts";
import type { Crossings } from "../crossing.ts";
import type { GraphQLReads } from "../graphqlReads.ts";
import { type Asked, NeedsRefresh, Pass, Refuse, UNAVAILABLE } from "../guard.ts";
import { OWN_HOST, type Place, Places } from "../place.ts";
import type { Routes } from "../routes.ts";
import type { Runtime } from "../runtime.ts";
import { isOwnHost } from "../sameSite.ts";
import type { Understudy } from "../understudy.ts";
import type { Unrecorded } from "../unrecorded.ts";
import { Answer } from "../visit.ts";
import { ActionLog } from "./actionLog.ts";
import { astray, atPlace, type Judged } from "./astray.ts";
import { givenBack } from "./givenBack.ts";
import type { Identity } from "./identity.ts";
import { isMismatch, mismatchAnswer } from "./mismatch.ts";
import { Passage } from "./passage.ts";
import { queried } from "./querying.ts";
import type { Request } from "./request.ts";
import { asking, loading, type Steps } from "./steps.ts";
import { answerTo } from "./turnedAway.ts";
import { canBeUnlocked, unlocked } from "./unlocking.ts";

export interface PassagesParts {
  readonly understudy: Understudy;
  readonly routes: Routes;
  readonly identity: Identity;
  readonly unrecorded: Unrecorded;
  readonly crossings: Crossings;
  /** Null where there is none, as each request of a session asks. */
  readonly graphql?: GraphQLReads | null;
}

/** Opens the passages of one app. */
export class Passages {
  readonly #parts: PassagesParts;
  readonly #places: Places;

  constructor(parts: PassagesParts) {
    this.#parts = parts;
    this.#places = new Places(parts.understudy.client.sessionOrigins);
  }

  /**
   * `Pass` when the request is none of ours, an answer that goes out in place of the app's, or the
   * passage under which the app is called.
   */
  *opening(told: Request): Steps<Pass | Answer | Passage> {
    // The place before any cookie: one of the whole domain arrives at every label.
    const place = this.#places.of(told.host);
    const request = place === OWN_HOST ? told : told.at(place);
    const runtime = this.#parts.understudy.runtime();
    const turned = astray(request, place, this.#places);
    if (turned instanceof Answer) return turned;
    const found = turned ?? (yield* decide(runtime, request.asked, place));
    if (found instanceof Pass) return found;
    const { graphql = null } = this.#parts;
    const verdict = graphql === null ? found : yield* queried(runtime, request, found, graphql);
    if (!(verdict instanceof Refuse)) return yield* this.#admit(runtime, verdict, request);
    const lifted = canBeUnlocked(verdict, request)
      ? yield* unlocked(runtime, request, verdict)
      : verdict;
    if (lifted instanceof Refuse) return yield* this.#refused(runtime, request, lifted);
    return yield* this.#admit(runtime, lifted, request, { unlocked: true });
  }

  *#refused(runtime: Runtime, request: Request, refuse: Refuse): Steps<Answer> {
    if (refuse.held !== null) {
      const log = new ActionLog(runtime, refuse.held, request, { kept: true });
      log.blocked(refuse.status, refuse.code);
    }
    return yield* this.#turnAway(runtime, request, refuse);
  }

  *#admit(
    runtime: Runtime,
    held: Held,
    request: Request,
    began: { readonly unlocked?: boolean } = {},
  ): Steps<Answer | Passage> {
    const passage = this.#passage(runtime, held, request);
    const { asked } = request;
    // Before anything of the app runs: a page of another site may open sockets with our cookies,
    // and no method tells what is sent over them (ASVS 4.4.2).
    if (asked.socket && !this.#isOwn(request)) {
      return yield* this.#refuse(passage, new Refuse(403, "origin_refused", { held }));
    }
    // Before the intent: what would be done in another account than the subject's is not begun, so
    // the log must not say that it was about to be.
    if (this.#parts.identity.loads) {
      const user = yield* loading(held.session.subject, passage.found);
      if (!passage.admits(user)) return yield* this.#refuse(passage, passage.notApplied());
    }
    // Last, and awaited: from here on only the app's own code stands between word and deed.
    const notBegun = asked.changes ? yield* passage.log.intend() : null;
    if (notBegun !== null) return yield* this.#refuse(passage, notBegun);
    passage.begin(began);
    return passage;
  }

  #passage(runtime: Runtime, held: Held, request: Request): Passage {
    const { routes, identity, unrecorded, crossings } = this.#parts;
    const kept = !unrecorded.covers(request.asked.methods, request.path);
    const log = new ActionLog(runtime, held, request, { kept });
    const crossing = crossings.of(request.place, held);
    return new Passage({ runtime, routes, identity, held, request, log, crossing });
  }

  *#refuse(passage: Passage, refuse: Refuse): Steps<Answer> {
    // Before the form is read: whoever goes away meanwhile takes nothing out of the log.
    passage.log.blocked(refuse.status, refuse.code);
    return yield* this.#turnAway(passage.runtime, passage.request, refuse);
  }

  *#turnAway(runtime: Runtime, request: Request, refuse: Refuse): Steps<Answer> {
    const { routes } = this.#parts;
    const typed = yield* givenBack(request);
    if (isMismatch(request, refuse)) {
      return mismatchAnswer(request, refuse, { routes, runtime, typed });
    }
    return answerTo(request, refuse, routes, { now: runtime.monotonic(), typed });
  }

  #isOwn({ headers, origin }: Request): boolean {
    // Behind a proxy that changes the host only the registered address tells the app's own.
    const registered = this.#parts.understudy.client.redirectUrl ?? "";
    const cameFrom = headers.get("origin") ?? null;
    return isOwnHost(cameFrom, origin) || isOwnHost(cameFrom, registered);
  }
}

/** What becomes of a request; the service is asked where this process does not know. */
function* decide(runtime: Runtime, asked: Asked, place: Place): Steps<Judged> {
  const verdict = runtime.guard.decide(asked);
  if (!(verdict instanceof NeedsRefresh)) return atPlace(verdict, place);
  // The guard does no I/O itself: what it lacks is asked for here, where a driver can wait.
  try {
    const found = yield* asking(runtime, verdict.token, verdict.key);
    return atPlace(runtime.guard.judge(found, asked), place);
  } catch (error) {
    // Whatever the reason: not knowing whether the session stands is reason enough.
    if (error instanceof UnderstudyError) return UNAVAILABLE;
    throw error;
  }
}
