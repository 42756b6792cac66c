/** Changes that apps have asked a fake service for. */

import type { Write } from "../core/unlocks.ts";
import type { AskedFor, Spent } from "../unlock/values.ts";
import { printWrite } from "../unlock/wire.ts";

/** What was asked for, and what was allowed and not yet spent. */
export class Unlocks {
  readonly #asked: [sessionId: string, write: Write, reason: string][] = [];
  readonly #allowed = new Set<string>();

  /** Take note of what somebody wants, and why. */
  ask(sessionId: string, write: Write, reason: string): AskedFor {
    this.#asked.push([sessionId, write, reason]);
    return { id: `unl_${String(this.#asked.length).padStart(8, "0")}`, status: "asked" };
  }

  /** What was asked for in a session, and why, in order. */
  of(sessionId: string): readonly (readonly [write: Write, reason: string])[] {
    return this.#asked.filter(([of]) => of === sessionId).map(([, write, why]) => [write, why]);
  }

  /** Let `write` pass, once. */
  allow(sessionId: string, write: Write): void {
    this.#allowed.add(asText(sessionId, write));
  }

  /** Whether `write` may pass now. */
  spend(sessionId: string, write: Write): Spent {
    return { spent: this.#allowed.delete(asText(sessionId, write)), differs: [] };
  }
}

function asText(sessionId: string, write: Write): string {
  return JSON.stringify([sessionId, Object.entries(printWrite(write)).sort()]);
}
