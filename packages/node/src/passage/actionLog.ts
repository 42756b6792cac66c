/** What the log is told of one request or one live connection. */

import type { Held } from "../cache.ts";
import { SessionOver, UnderstudyError } from "../core/errors.ts";
import { Refuse, UNAVAILABLE } from "../guard.ts";
import { causeOf } from "../problems.ts";
import type { Runtime } from "../runtime.ts";
import type { Phase, RecordedAction } from "../values.ts";
import type { Request } from "./request.ts";
import { type Steps, waiting } from "./steps.ts";

/** How long an action may wait until the log has its intent. */
const INTENT_SECONDS = 2.5;

/** How something went. */
export interface Outcome {
  readonly route?: string | null;
  /** What was wrong with it. */
  readonly rule?: string | null;
}

interface Told extends Outcome {
  readonly status?: number | null;
  readonly durationMs?: number | null;
}

/**
 * One action under one id: intended, then completed or blocked. It is told once how it went.
 *
 * With `kept` false a completion without fault stays out of the log.
 */
export class ActionLog {
  readonly isKept: boolean;
  isTold = false;
  readonly #runtime: Runtime;
  readonly #held: Held;
  readonly #request: Request;
  readonly #id: string;
  readonly #began: number;

  constructor(runtime: Runtime, held: Held, request: Request, { kept }: { kept: boolean }) {
    this.isKept = kept;
    this.#runtime = runtime;
    this.#held = held;
    this.#request = request;
    this.#id = runtime.newActionId();
    this.#began = runtime.monotonic();
  }

  /** Record the intent; why the action may not begin, or null once the log has it. */
  *intend(): Steps<Refuse | null> {
    const sessionId = this.#held.session.id;
    let begins = false;
    try {
      // Not through the outbox: the action begins only once the service has said that this is
      // durable.
      const intended = this.#runtime.recorder.intend(sessionId, this.#action("intended", {}));
      const settled = yield* waiting(intended, INTENT_SECONDS);
      if (settled === null) return UNAVAILABLE;
      if ("error" in settled) return this.#notIntended(settled.error);
      begins = true;
      return null;
    } finally {
      // Also when the driver has given up. The intent may stand in the log all the same, so it is
      // told what became of it.
      if (!begins) this.completed(503);
    }
  }

  #notIntended(error: unknown): Refuse {
    if (error instanceof SessionOver) {
      this.isTold = true; // the log has nothing of it, and will not take anything more
      const ended = this.#runtime.cache.close(this.#held.session.id, causeOf(error));
      return new Refuse(401, "session_over", { ended });
    }
    if (error instanceof UnderstudyError) return UNAVAILABLE;
    throw error;
  }

  /**
   * It was carried out, and answered with `status`.
   *
   * Whoever changed something reads in the log how it went, also when they were not told.
   */
  completed(status: number | null, { route = null, rule = null }: Outcome = {}): void {
    // Faults are told of whatever is unrecorded: noise may be left out, trouble may not.
    if (!this.isKept && status !== null && status < 400) return;
    const durationMs = Math.trunc((this.#runtime.monotonic() - this.#began) * 1000);
    this.#tell("completed", { route, rule, status, durationMs });
  }

  /** It was refused by `rule`. */
  blocked(status: number, rule: string): void {
    this.#tell("blocked", { status, rule });
  }

  #tell(phase: Phase, told: Told): void {
    if (this.isTold) return;
    this.isTold = true;
    const { session, overAt } = this.#held;
    this.#runtime.recorder.add(session.id, this.#action(phase, told), overAt);
  }

  #action(phase: Phase, told: Told): RecordedAction {
    const { method, path, address, headers } = this.#request;
    return this.#runtime.action({
      id: this.#id,
      phase,
      method,
      path,
      route: told.route ?? null,
      status: told.status ?? null,
      durationMs: told.durationMs ?? null,
      rule: told.rule ?? null,
      address,
      userAgent: headers.get("user-agent") ?? null,
    });
  }
}
