/** What a request did beside being answered: what it sent, and what it made that lasts. */

import type { Held } from "../cache.ts";
import { cleanText } from "../cleaning.ts";
import { REFERENCE_LENGTH, type Said, type Telling } from "../context.ts";
import type { Runtime } from "../runtime.ts";
import type { Phase } from "../values.ts";
import type { Request } from "./request.ts";

/** Tells the log of one request of a session. */
export class RequestTelling implements Telling {
  readonly #runtime: Runtime;
  readonly #held: Held;
  readonly #request: Request;

  constructor(runtime: Runtime, held: Held, request: Request) {
    this.#runtime = runtime;
    this.#held = held;
    this.#request = request;
  }

  /** Record it soon. */
  tell(phase: Phase, { kind, did = null, reference = null }: Said): void {
    const { method, path } = this.#request;
    const action = this.#runtime.action({
      id: this.#runtime.newActionId(),
      phase,
      method,
      path,
      route: null,
      status: null,
      durationMs: null,
      rule: null,
      address: null,
      userAgent: null,
      kind,
      did,
      reference: reference && cleanText(reference, REFERENCE_LENGTH),
    });
    this.#runtime.recorder.add(this.#held.session.id, action, this.#held.overAt);
  }

  /** Call `deed` once when the session is over; at once if it is. */
  atEnd(deed: () => void): void {
    this.#runtime.cache.watch(this.#held.session.id, deed);
  }
}
