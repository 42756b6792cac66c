/** Senders of an app, wrapped: what an impersonated request sends goes by a policy for its kind. */

import { currentAttribution } from "../attribution.ts";
import { AT_WORK } from "../atWork.ts";
import { type Impersonation, KIND, type Present, presentRequest } from "../context.ts";
import { ForbiddenWhileImpersonating, SetupError } from "../core/errors.ts";
import { warn } from "../logging.ts";
import { type HeldEffect, HeldEffects } from "./held.ts";
import { type Effect, type EffectPolicies, Policies } from "./policy.ts";

const DONE: Readonly<Record<Effect, string>> = {
  send: "sent",
  hold: "held",
  drop: "dropped",
  mark: "marked",
  refuse: "refused",
};
const ASYNC = Object.getPrototypeOf(async () => undefined).constructor as typeof Function;

/** What else a sender may do. */
export interface SenderOptions<A extends unknown[], R> {
  /** Is called in its place, with the same arguments, where effects are marked. */
  readonly mark?: (...given: A) => R;
  /** The answer where nothing is sent, or not yet; of an async sender, what its promise gives. */
  readonly otherwise?: unknown;
}

/**
 * What an app's senders do in sessions, by policies: from a kind to `send`, `hold`, `drop`, `mark` or
 * `refuse`; `*` is for all other kinds.
 *
 *     const effects = new SideEffects({ push: "drop" });
 *     mailer.send = effects.sender("email", mailer.send);
 *
 * Unless said otherwise, payments are refused, webhooks of the app marked, and all else is held. A
 * session that may only read sends nothing. What is held waits in this process, for `release` or for
 * the end of its session, at which it is dropped. Where users act for themselves nothing is held up.
 */
export class SideEffects {
  readonly #policies: Policies;
  readonly #held = new HeldEffects();

  /** @throws {SetupError} a policy is none. */
  constructor(policies: EffectPolicies = {}) {
    this.#policies = new Policies(policies);
  }

  /**
   * `send`, plain or async, under the policy of `kind`.
   *
   * @throws {SetupError} `kind` is no word such as `sms`.
   */
  sender<A extends unknown[], R>(
    kind: string,
    send: (...given: A) => R,
    { mark, otherwise }: SenderOptions<A, R> = {},
  ): (...given: A) => R {
    if (!KIND.test(kind)) throw new SetupError(`A kind is a word like sms, not ${kind}.`);
    const unsent = send instanceof ASYNC ? async () => otherwise : () => otherwise;
    const decide = (later: () => R): Effect => this.#decide(kind, later, mark !== undefined);
    return function sending(this: unknown, ...given: A): R {
      // As the sender is called, be it a method.
      const later = (): R => Reflect.apply(send, this, given);
      const effect = decide(later);
      if (effect === "mark" && mark !== undefined) return Reflect.apply(mark, this, given);
      return effect === "send" ? later() : (unsent() as R);
    };
  }

  /** What waits of a session in this process, oldest first. */
  held(sessionId: string): readonly HeldEffect[] {
    return this.#held.of(sessionId);
  }

  /**
   * Send what waits of a session; what the senders answer.
   *
   * For your own operators, on a page or in a command of yours: not for the actor.
   */
  release(sessionId: string): Promise<unknown[]> {
    return this.#held.release(sessionId);
  }

  /** Do without what waits of a session, as its end does; how much that was. */
  drop(sessionId: string): number {
    return this.#held.drop(sessionId);
  }

  #decide(kind: string, later: () => unknown, canMark: boolean): Effect {
    const present = presentRequest();
    if (present === null || present.impersonation === null) return this.#outside(kind, canMark);
    const { impersonation } = present;
    const effect = this.#inSession(kind, present as Present, canMark);
    const { told, sessionId } = impersonation;
    told?.tell("effect", { kind, did: DONE[effect] });
    if (effect === "hold" && told !== null) {
      this.#held.hold({ kind, sessionId, send: later, told });
    }
    if (effect === "refuse") {
      present.forbidden ||= !present.over;
      throw new ForbiddenWhileImpersonating();
    }
    return effect;
  }

  #inSession(kind: string, { impersonation, unlocked }: Present, canMark: boolean): Effect {
    const effect = this.#policies.of(kind, canMark);
    if (effect === "refuse") return effect;
    if (onlyReads(impersonation) && !unlocked) return "drop";
    // Whom nobody tells of the session's end cannot keep anything until then.
    return effect === "hold" && impersonation.told === null ? "drop" : effect;
  }

  /** Beyond requests: a job that a session has caused, or what nobody knows anything about. */
  #outside(kind: string, canMark: boolean): Effect {
    if (currentAttribution() !== null) {
      const effect = this.#policies.of(kind, canMark);
      if (effect === "refuse") throw new ForbiddenWhileImpersonating();
      // In a worker nobody could release it, nor hears of the session's end.
      return effect === "hold" ? "drop" : effect;
    }
    if (presentRequest() === null && AT_WORK.anybody()) {
      warn(
        "Something was sent outside of any known request, while somebody is impersonated in this " +
          "process: see carried and onBehalfOf",
        { action: "side_effect_unknown", kind },
      );
    }
    return "send";
  }
}

function onlyReads({ scope }: Impersonation): boolean {
  return scope === "read_only";
}
