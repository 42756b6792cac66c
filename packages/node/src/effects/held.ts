/** Effects that wait in this process until somebody releases them, or their session is over. */

import type { Telling } from "../context.ts";

/** Held at a time; what comes beyond that is dropped. */
export const MOST_OF_SESSION = 200;

/** Something that was not sent yet. What it is only the app's own sender knows. */
export interface HeldEffect {
  readonly kind: string;
  readonly sessionId: string;
  readonly send: () => unknown;
  readonly told: Telling;
}

/** Those of one process, by session. */
export class HeldEffects {
  readonly #held = new Map<string, HeldEffect[]>();

  /** Keep it, or drop it where there is no more room. */
  hold(effect: HeldEffect): void {
    const { sessionId, told, kind } = effect;
    const ofSession = this.#held.get(sessionId);
    if (ofSession === undefined) {
      this.#held.set(sessionId, [effect]);
      told.atEnd(() => this.drop(sessionId));
    } else if (ofSession.length < MOST_OF_SESSION) ofSession.push(effect);
    else told.tell("effect", { kind, did: "dropped" });
  }

  /** What waits of a session, oldest first. */
  of(sessionId: string): readonly HeldEffect[] {
    return [...(this.#held.get(sessionId) ?? [])];
  }

  /** Send what waits; what the senders answer. One that fails is told of, and thrown at the end. */
  async release(sessionId: string): Promise<unknown[]> {
    const answers: unknown[] = [];
    const failures: unknown[] = [];
    for (const { send, told, kind } of this.#take(sessionId)) {
      try {
        answers.push(await send());
        told.tell("effect", { kind, did: "released" });
      } catch (error) {
        failures.push(error);
        told.tell("effect", { kind, did: "failed" });
      }
    }
    if (failures.length > 0) throw failures[0];
    return answers;
  }

  /** Do without what waits; how much that was. */
  drop(sessionId: string): number {
    const taken = this.#take(sessionId);
    for (const { told, kind } of taken) told.tell("effect", { kind, did: "dropped" });
    return taken.length;
  }

  #take(sessionId: string): readonly HeldEffect[] {
    // Once: whoever releases and whoever ends the session do not both have it.
    const taken = this.#held.get(sessionId) ?? [];
    this.#held.delete(sessionId);
    return taken;
  }
}
