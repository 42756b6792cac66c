/** Visits to the SDK's own addresses, as they arrive over node:http. */

import { tokenOf } from "../browserSessions.ts";
import { Ended, type Held } from "../cache.ts";
import { UnderstudyError } from "../core/errors.ts";
import { tokenHash } from "../core/tokens.ts";
import { asking } from "../passage/steps.ts";
import { carriedOut } from "../passage/waiting.ts";
import { NOWHERE } from "../place.ts";
import { routePath } from "../reading.ts";
import type { Routes } from "../routes.ts";
import { Secret } from "../secret.ts";
import type { Understudy } from "../understudy.ts";
import { problem, type Visit } from "../visit.ts";
import { type Arrival, scopeOf, visitOf } from "./arrival.ts";
import { streamEvents } from "./bannerEvents.ts";
import { readBody } from "./body.ts";
import { goneFrom } from "./gone.ts";
import { sendAnswer } from "./response.ts";

/** Answers by `routes`, and streams the banner's events. */
export class Visits {
  readonly #understudy: Understudy;
  readonly #routes: Routes;

  constructor(understudy: Understudy, routes: Routes) {
    this.#understudy = understudy;
    this.#routes = routes;
  }

  /** Answer one visit. */
  async serve(arrival: Arrival): Promise<void> {
    const { request, response } = arrival;
    const scope = scopeOf(arrival);
    const path = routePath(scope);
    const visit = visitOf(scope, arrival.told);
    // What was in the address is for us alone: whoever writes an access log does so behind us.
    arrival.retarget(scope.rawPath ?? "/");
    const gone = goneFrom(response);
    try {
      if (this.#areEvents(visit, path)) await this.#events(visit, arrival, gone);
      else {
        const read = (most: number): Promise<Uint8Array> => readBody(request, most);
        const steps = this.#routes.serving(visit, path);
        sendAnswer(response, await carriedOut(steps, { readBody: read, gone }));
      }
    } catch (error) {
      if (!gone.aborted) throw error;
    }
  }

  #areEvents(visit: Visit, path: string): boolean {
    const isAsked = path === `${this.#routes.prefix}/events` && visit.method === "GET";
    return isAsked && this.#routes.placeOf(visit) !== NOWHERE;
  }

  async #events(visit: Visit, { response }: Arrival, gone: AbortSignal): Promise<void> {
    try {
      const token = tokenOf(visit);
      const found = await this.#found(token);
      const runtime = this.#understudy.runtime();
      await streamEvents(response, { runtime, token: token ?? new Secret(""), found }, gone);
    } catch (error) {
      if (!(error instanceof UnderstudyError)) throw error;
      sendAnswer(response, problem(error.status, error.code, error.detail));
    }
  }

  async #found(token: Secret | null): Promise<Held | Ended> {
    if (token === null) return new Ended(null);
    const runtime = this.#understudy.runtime();
    const key = tokenHash(token.reveal());
    return runtime.cache.find(key) ?? (await carriedOut(asking(runtime, token, key)));
  }
}
