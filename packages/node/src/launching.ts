/** How a session comes into a browser: the launch, and the callback in which it begins. */

import { type Addresses, pathOf } from "./addresses.ts";
import { exchanging, type Opening } from "./beginning.ts";
import { type BrowserSessions, tokenOf } from "./browserSessions.ts";
import { Held } from "./cache.ts";
import { Refused, UnderstudyError } from "./core/errors.ts";
import type { Epoch } from "./epoch.ts";
import {
  DEFAULT,
  type HandOff,
  isPersonsVisit,
  readHandOffs,
  requireTaken,
  tokenInAddress,
} from "./handOffs.ts";
import { begin, finish, forgetLaunch } from "./launch.ts";
import { launchFailedPage } from "./pages.ts";
import type { VisitSteps } from "./passage/steps.ts";
import { safePath } from "./returnPath.ts";
import type { Secret } from "./secret.ts";
import { overlayCookie, type Understudy } from "./understudy.ts";
import type { Opened, Presented } from "./values.ts";
import { type Answer, seeOther, type Visit } from "./visit.ts";
import { refusalText } from "./wording.ts";

export interface LaunchingParts extends Opening {
  readonly epoch: Epoch;
  readonly handOffs?: Iterable<string>;
}

/**
 * Answers the visits of a hand-off, by one of the `handOffs`. Whatever goes wrong there is told on
 * a page, as a person has been sent.
 */
export class Launching {
  readonly #opening: Opening;
  readonly #understudy: Understudy;
  readonly #addresses: Addresses;
  readonly #sessions: BrowserSessions;
  readonly #epoch: Epoch;
  readonly #handOffs: ReadonlySet<HandOff>;

  constructor(parts: LaunchingParts) {
    this.#opening = parts;
    this.#understudy = parts.understudy;
    this.#addresses = parts.addresses;
    this.#sessions = parts.sessions;
    this.#epoch = parts.epoch;
    this.#handOffs = readHandOffs(parts.handOffs ?? DEFAULT);
  }

  /** Begin a hand-off, or go on in the session that this browser holds. */
  launch(visit: Visit): VisitSteps<Answer> {
    return this.#forPeople(visit, () => this.#launch(visit));
  }

  /** Exchange what the browser brings, and begin the session. */
  callback(visit: Visit): VisitSteps<Answer> {
    return this.#forPeople(visit, () => this.#callback(visit));
  }

  *#forPeople(visit: Visit, answer: () => VisitSteps<Answer>): VisitSteps<Answer> {
    // A token works once, so whoever fetches it in advance changes nothing: neither the token nor
    // the launch cookie, which the person who follows will need.
    if (!isPersonsVisit(visit)) {
      const detail = "A launch opens as a page of its own, and cannot be fetched in advance.";
      return this.#failedPage(visit, 400, detail);
    }
    try {
      return yield* answer();
    } catch (error) {
      if (error instanceof UnderstudyError) return this.#failed(visit, error);
      throw error;
    }
  }

  *#launch(visit: Visit): VisitSteps<Answer> {
    requireTaken("code", this.#handOffs);
    const begun = begin(this.#understudy.client, visit, {
      redirectUri: this.#redirectUri(visit),
      nonce: this.#understudy.randomText(),
      now: this.#now(),
    });
    const token = tokenOf(visit);
    return token === null ? begun : yield* this.#reopened(visit, token, begun);
  }

  /**
   * The app, where this browser holds the launched grant's session; else `begun`.
   *
   * A session goes on in a new tab as it is: a second one would end it, and what is typed there.
   */
  #reopened(visit: Visit, token: Secret, begun: Answer): VisitSteps<Answer> {
    const grantId = visit.parameters().get("login_hint");
    return this.#sessions.looking(
      token,
      (found) => {
        const holds = found instanceof Held && found.session.grantId === grantId;
        return holds ? seeOther(visit.base + this.#addresses.home) : begun;
      },
      () => begun,
    );
  }

  #callback(visit: Visit): VisitSteps<Answer> {
    const presented = this.#presented(visit);
    const older = tokenOf(visit);
    const begun = (opened: Opened) => this.#begun(visit, older, opened);
    return exchanging(this.#opening, presented, begun);
  }

  /** What the browser brings to be exchanged. */
  #presented(visit: Visit): Presented {
    const token = tokenInAddress(visit.parameters(), this.#handOffs);
    if (token !== null) return token;
    const redirectUri = this.#redirectUri(visit);
    return finish(this.#understudy.client, visit, { redirectUri, now: this.#now() });
  }

  // biome-ignore lint/correctness/useYield: a step like any other to whoever has the session
  *#begun(visit: Visit, older: Secret | null, opened: Opened): VisitSteps<Answer> {
    // A token in an address is bound to no place, as a code is.
    if (opened.session.origin !== (visit.atSessionOrigin ? visit.origin : null)) {
      throw new Refused(refusalText("another_origin"), "another_origin");
    }
    if (older !== null && older.reveal() !== opened.sessionToken.reveal()) {
      this.#makeWay(older, opened);
    }
    const wanted = safePath(opened.returnTo, this.#addresses.home);
    const target = this.#addresses.owns(pathOf(wanted)) ? this.#addresses.home : wanted;
    const begun = seeOther(visit.base + target, overlayCookie(opened), forgetLaunch());
    return visit.atSessionOrigin
      ? begun
      : begun.withHeaders(...this.#epoch.begun(opened.session.id));
  }

  /** End the session that this browser has held: one cookie holds one. */
  #makeWay(older: Secret, opened: Opened): void {
    const session = this.#sessions.session(older);
    if (session !== null && session.grantId === opened.session.grantId) {
      // The service ended it when it began this one, and knows better how.
      this.#understudy.runtime().cache.close(session.id, "relaunched");
    } else {
      this.#sessions.end(older, "replaced").catch(() => undefined);
    }
  }

  #redirectUri(visit: Visit): string {
    const configured = this.#understudy.client.redirectUrl;
    if (configured !== null && visit.atSessionOrigin) {
      return visit.origin + new URL(configured).pathname;
    }
    return configured ?? `${visit.origin}${visit.base}${this.#addresses.prefix}/callback`;
  }

  #now(): number {
    return this.#understudy.clock().getTime() / 1000;
  }

  #failed(visit: Visit, error: UnderstudyError): Answer {
    const page = this.#failedPage(visit, error.status, error.detail);
    return page.withHeaders(["set-cookie", forgetLaunch()]);
  }

  #failedPage(visit: Visit, status: number, detail: string): Answer {
    const { home, dashboard } = this.#addresses;
    return launchFailedPage(status, detail, { home: visit.base + home, dashboard });
  }
}
