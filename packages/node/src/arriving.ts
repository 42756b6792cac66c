/**
 * How a session that was started in the app comes to an origin of its own.
 *
 * A hand-off of the app's own, after the code flow: the origin begins with a nonce in a cookie of
 * its own, the app's host answers it only in the browser that started, and what then stands in the
 * address is worth nothing without that nonce. So nobody is led into a session that somebody else
 * has started (login CSRF), and no address holds a token that can be used.
 */

import { createHmac } from "node:crypto";
import type { Addresses } from "./addresses.ts";
import type { Granted } from "./asks.ts";
import type { Beginning, Opening } from "./beginning.ts";
import { holdsOverlay, unlessTwice } from "./browserSessions.ts";
import { CookieSeal } from "./cookieSeal.ts";
import { clearCookie, readCookie, setCookie } from "./cookies.ts";
import { MalformedRequest, Refused, UnderstudyError } from "./core/errors.ts";
import { isPersonsVisit } from "./handOffs.ts";
import { notStartedPage } from "./pages.ts";
import type { VisitSteps } from "./passage/steps.ts";
import { isSameText, Secret } from "./secret.ts";
import { notStarted } from "./startRefusals.ts";
import { overlayCookie, type Understudy } from "./understudy.ts";
import { type Answer, seeOther, type Visit } from "./visit.ts";
import type { WayBack } from "./wayBack.ts";
import { refusalText } from "./wording.ts";

const STARTED = "__Host-understudy-started";
const ARRIVAL = "__Host-understudy-arrival";
/** As long as the token lives: two redirects. */
const SECONDS = 60;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const CODE = /^[A-Za-z0-9_-]{1,4096}$/;
const SEALED = "understudy start";
const NOT_BEGUN = "This start was not begun in this browser, or took too long.";

/** What is on its way: a token, the only origin for its session, and where its end leads. */
interface Started {
  readonly token: string;
  readonly origin: string;
  readonly back: string;
}

/** Leads a browser from the app's own host to a session's origin. */
export class Arriving {
  readonly #understudy: Understudy;
  readonly #addresses: Addresses;
  readonly #beginning: Beginning;
  readonly #wayBack: WayBack;
  readonly #seal: CookieSeal;

  constructor({ understudy, addresses }: Opening, beginning: Beginning, wayBack: WayBack) {
    this.#understudy = understudy;
    this.#addresses = addresses;
    this.#beginning = beginning;
    this.#wayBack = wayBack;
    this.#seal = new CookieSeal(understudy.client.key);
  }

  /**
   * Where the browser goes from a start, and the Set-Cookie value by which it is known then.
   *
   * @throws {Refused} this app serves no sessions at such an origin.
   */
  lead(visit: Visit, granted: Granted): [string, string] {
    const origin = granted.origin ?? "";
    const origins = this.#understudy.client.sessionOrigins;
    if (origins === null || !origins.has(origin)) {
      throw new Refused(refusalText("start_at_origin"), "another_origin");
    }
    // As browsers know it, whatever the server thinks of its scheme.
    const own = `${origins.scheme}://${visit.origin.slice(visit.origin.indexOf("://") + 3)}`;
    const hand = `${own}${visit.base}${this.#addresses.prefix}/hand`;
    const query = new URLSearchParams({ from: hand, seal: this.#sealedAddress(origin, hand) });
    const back = own + this.#addresses.pageLeft(visit);
    const sealed = this.#sealed({ token: granted.token.reveal(), origin, back }, STARTED);
    return [
      `${origin}${visit.base}${this.#addresses.prefix}/arrive?${query}`,
      setCookie(STARTED, sealed, { maxAge: SECONDS }),
    ];
  }

  /** At the app's own host: a code for the origin that asks, in the browser that started. */
  hand(visit: Visit): Answer {
    return this.#forPeople(visit, () => this.#hand(visit));
  }

  /** At the session's origin: ask for a code, then begin with it. */
  arrive(visit: Visit): Answer | VisitSteps<Answer> {
    const isBack = visit.query.startsWith("code=");
    return isBack ? this.#arrived(visit) : this.#forPeople(visit, () => this.#ask(visit));
  }

  #ask(visit: Visit): Answer {
    const parameters = visit.parameters();
    const hand = parameters.get("from") ?? "";
    // Sealed for this very origin, so that no other place is asked for a code.
    if (!isSameText(parameters.get("seal") ?? "", this.#sealedAddress(visit.origin, hand))) {
      throw new MalformedRequest(NOT_BEGUN);
    }
    const nonce = this.#understudy.randomText();
    const query = new URLSearchParams({ challenge: this.#challenge(nonce) });
    return seeOther(`${hand}?${query}`, setCookie(ARRIVAL, nonce, { maxAge: SECONDS }));
  }

  #hand(visit: Visit): Answer {
    const challenge = visit.parameters().get("challenge") ?? "";
    const started = this.#opened(cookieOf(visit, STARTED), STARTED);
    if (started === null || !CHALLENGE.test(challenge)) throw new MalformedRequest(NOT_BEGUN);
    const query = new URLSearchParams({ code: this.#sealed(started, challenge) });
    // To the origin of the grant alone, whoever asks.
    const target = `${started.origin}${visit.base}${this.#addresses.prefix}/arrive?${query}`;
    return seeOther(target, clearCookie(STARTED));
  }

  *#arrived(visit: Visit): VisitSteps<Answer> {
    try {
      return yield* this.#begun(visit);
    } catch (error) {
      return this.#failed(visit, error);
    }
  }

  *#begun(visit: Visit): VisitSteps<Answer> {
    requirePerson(visit);
    const code = visit.parameters().get("code") ?? "";
    const nonce = cookieOf(visit, ARRIVAL);
    const started = nonce === "" ? null : this.#opened(code, this.#challenge(nonce));
    if (started?.origin !== visit.origin) throw new MalformedRequest(NOT_BEGUN);
    const [opened, home] = yield* this.#beginning.of(new Secret(started.token));
    const cookies = [overlayCookie(opened), this.#wayBack.kept(started.back, opened)];
    return seeOther(visit.base + home, ...cookies, clearCookie(ARRIVAL));
  }

  #forPeople(visit: Visit, answer: () => Answer): Answer {
    try {
      requirePerson(visit);
      return answer();
    } catch (error) {
      return this.#failed(visit, error);
    }
  }

  #failed(visit: Visit, error: unknown): Answer {
    if (!(error instanceof UnderstudyError)) throw error;
    const { status, detail, inDoubt } = notStarted(error);
    return notStartedPage(status, detail, { back: visit.base + this.#addresses.home, inDoubt });
  }

  #sealed({ token, origin, back }: Started, purpose: string): string {
    const text = Buffer.from(JSON.stringify([token, origin, back])).toString("latin1");
    return this.#seal.seal(text, { sessionId: purpose, name: SEALED });
  }

  #opened(sealed: string, purpose: string): Started | null {
    if (!CODE.test(sealed)) return null;
    const text = this.#seal.open(sealed, { sessionId: purpose, name: SEALED });
    if (text === null) return null;
    const [token, origin, back] = JSON.parse(Buffer.from(text, "latin1").toString());
    return { token, origin, back };
  }

  #challenge(nonce: string): string {
    return this.#derived("arrival", nonce);
  }

  #sealedAddress(origin: string, hand: string): string {
    return this.#derived("from", origin, hand);
  }

  #derived(...purpose: readonly string[]): string {
    const message = ["understudy start", ...purpose].join("\x00");
    const hmac = createHmac("sha256", this.#understudy.client.key.reveal());
    return hmac.update(message).digest("base64url");
  }
}

function requirePerson(visit: Visit): void {
  // A code works once, so whoever fetches it in advance must change nothing.
  if (!isPersonsVisit(visit)) {
    throw new MalformedRequest("A start goes on as a page of its own, and not in advance.");
  }
  if (holdsOverlay(visit)) throw new Refused(refusalText("nested"), "nested");
}

function cookieOf(visit: Visit, name: string): string {
  return unlessTwice(() => readCookie(visit.cookie, name), null) ?? "";
}
