/** The driver over node:http: lets everything pass that carries no overlay, and guards the rest. */

import type { IncomingMessage } from "node:http";
import { pinnedOf } from "../askedBy.ts";
import { asNobody, leftByOthers, OwnRequest, within } from "../context.ts";
import { isKnown } from "../epoch.ts";
import { Pass } from "../guard.ts";
import { withoutSpoofed } from "../headers.ts";
import { Installed, type Options } from "../installed.ts";
import { forTheApp } from "../ownPage.ts";
import { Identity, type UserId } from "../passage/identity.ts";
import type { Passage } from "../passage/passage.ts";
import { Request } from "../passage/request.ts";
import { carriedOut } from "../passage/waiting.ts";
import { mayBeOurs, mayHoldOurs, ownOrigin, routePath } from "../reading.ts";
import type { Scope } from "../scope.ts";
import type { Understudy } from "../understudy.ts";
import type { Subject } from "../values.ts";
import { Answer } from "../visit.ts";
import { type Arrival, headerTexts, scopeOf, targetIn } from "./arrival.ts";
import { readBody } from "./body.ts";
import { goneFrom } from "./gone.ts";
import { serveImpersonated } from "./impersonated.ts";
import { replaceHeaders } from "./incoming.ts";
import { keepBody } from "./keptBody.ts";
import { Outgoing } from "./outgoing.ts";
import { OwnPageAnswer } from "./ownPage.ts";
import { sendAnswer } from "./response.ts";
import { Visits } from "./visits.ts";

/** What an app says beside its options. */
export interface GuardOptions<R = never> extends Options<R> {
  /** The app's user for the subject, whose id must be the subject's, or the session ends. */
  readonly loadUser?: (subject: Subject) => unknown;
  /** Finds the id of that user; without it, their `id`. */
  readonly userId?: UserId;
}

/** Guards the requests of one app. */
export class HttpGuard {
  readonly #installed: Installed;
  readonly #visits: Visits;
  readonly #loadUser: ((subject: Subject) => unknown) | null;
  readonly #served = new WeakSet<IncomingMessage>();

  constructor(understudy: Understudy, { loadUser, userId, ...options }: GuardOptions) {
    const loads = loadUser !== undefined;
    const identity = new Identity({ userId: userId ?? null, loads });
    this.#loadUser = loadUser ?? null;
    this.#installed = new Installed(understudy, identity, options);
    this.#visits = new Visits(understudy, this.#installed.routes);
  }

  /** Whether the app's users are loaded, so that the adapter shows the subject's. */
  get loads(): boolean {
    return this.#loadUser !== null;
  }

  /** Whether `request` has come by here. */
  has(request: IncomingMessage): boolean {
    return this.#served.has(request);
  }

  /**
   * Handle one request, as nobody but whom it names itself; `app` is called at once for those that
   * are none of our business.
   */
  handle(arrival: Arrival, app: () => unknown): unknown {
    const { request } = arrival;
    if (this.#served.has(request)) return app();
    // The next request of a connection may be read in whatever context the last one left behind.
    if (leftByOthers(pinnedOf(request)?.impersonation ?? null)) {
      return asNobody(() => this.handle(arrival, app));
    }
    this.#served.add(request);
    // Before the overlay is looked at: ending a session must work also when the session does not.
    if (this.#isOwnAddress(arrival)) return this.#visits.serve(arrival);
    if (!this.#mayBeOurs(arrival)) return own(arrival, app);
    return this.#guarded(arrival, app);
  }

  /** What becomes of a request, by all that it says of itself. */
  async decided(
    arrival: Arrival,
    scope: Scope,
    gone: AbortSignal,
  ): Promise<Pass | Answer | Passage> {
    const asked = this.#installed.reader.asked(scope);
    const request = new Request({
      asked,
      method: asked.socket ? "WEBSOCKET" : scope.method,
      path: scope.path,
      base: scope.rootPath,
      origin: ownOrigin(scope),
      headers: headerTexts(scope),
      address: scope.client,
      query: scope.queryString,
    });
    return await carriedOut(this.#installed.passages.opening(request), {
      loadUser: ({ subject }) => this.#loadUser?.(subject),
      readBody: (most) => readBody(arrival.request, most),
      keepBody: (most) => keepBody(arrival.request, most),
      gone,
    });
  }

  #isOwnAddress(arrival: Arrival): boolean {
    const { routes } = this.#installed;
    return arrival.target.includes(routes.prefix) && routes.owns(routePath(scopeOf(arrival)));
  }

  /** What every request of the app pays for: one look for our name, anywhere at first. */
  #mayBeOurs(arrival: Arrival): boolean {
    const { below } = this.#installed;
    const { target, request } = arrival;
    return mayHoldOurs(target, request.rawHeaders, below) && mayBeOurs(scopeOf(arrival), below);
  }

  async #guarded(arrival: Arrival, app: () => unknown): Promise<void> {
    const { response } = arrival;
    const scope = scopeOf(arrival);
    const came = targetIn(scope);
    const gone = goneFrom(response);
    try {
      const outcome = await this.decided(arrival, scope, gone);
      if (targetIn(scope) !== came) arrival.retarget(targetIn(scope));
      if (outcome instanceof Pass) await this.#pass(arrival, scope, app);
      else if (outcome instanceof Answer) sendAnswer(response, outcome);
      else await serveImpersonated(outcome, arrival, scope, app);
    } catch (error) {
      // Of a browser that goes before anything has begun nothing is left to be done.
      if (error !== gone.reason) throw error;
    }
  }

  /** Nothing of ours, except that it may pretend to be; and pages while the epoch lasts. */
  async #pass(arrival: Arrival, scope: Scope, app: () => unknown): Promise<void> {
    const { ownPages } = this.#installed;
    const { request, response, base } = arrival;
    const { method } = scope;
    const cookie = request.headers.cookie ?? "";
    const headers = withoutSpoofed([...scope.headers]);
    const mayBePage = isKnown(cookie) && ownPages.expected(method, headerTexts(scope));
    replaceHeaders(request, mayBePage ? forTheApp(headers) : headers);
    if (mayBePage) {
      new Outgoing(response, new OwnPageAnswer(ownPages, { method, base, cookie }));
    }
    await own(arrival, app);
  }
}

/** Call the app for a user's own request. */
function own({ response }: Arrival, app: () => unknown): unknown {
  const present = new OwnRequest();
  response.once("close", () => {
    present.over = true;
  });
  return within(present, app);
}
