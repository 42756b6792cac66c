/** What apps have recorded with a fake service. */

import { IdempotencyConflict } from "../core/errors.ts";
import { wholesOf } from "../partKeys.ts";
import type { Minted, Phase, RecordedAction } from "../values.ts";
import { rowOf } from "../wire.ts";

/**
 * Actions in the order in which they came. A batch that comes again under its key is known, and so
 * is a part of it.
 */
export class Records {
  readonly #recorded: [sessionId: string, action: RecordedAction][] = [];
  readonly #batches = new Map<string, string>();
  readonly #inParts = new Set<string>();

  /**
   * Whether this very batch came before, or the whole that it is a part of.
   *
   * @throws IdempotencyConflict another one came under this key, or parts of this one.
   */
  has(sessionId: string, actions: readonly RecordedAction[], key: string): boolean {
    const known = this.#batches.get(key);
    if (known === undefined && !this.#inParts.has(key)) {
      return [...wholesOf(key)].some((whole) => this.#batches.has(whole));
    }
    if (known !== asText(sessionId, actions)) throw new IdempotencyConflict();
    return true;
  }

  /** Keep a batch. */
  add(sessionId: string, actions: readonly RecordedAction[], key: string): void {
    this.#batches.set(key, asText(sessionId, actions));
    for (const whole of wholesOf(key)) this.#inParts.add(whole);
    for (const action of actions) this.#recorded.push([sessionId, action]);
  }

  /** What was recorded in a session, or what of it is in this `phase`. */
  of(sessionId: string, phase: Phase | null): RecordedAction[] {
    return this.#recorded
      .filter(([recordedIn]) => recordedIn === sessionId)
      .map(([, action]) => action)
      .filter((action) => phase === null || action.phase === phase);
  }

  /** What was made in a session and is not revoked. */
  minted(sessionId: string): Minted[] {
    const undone = new Set(this.of(sessionId, "undone").map(({ id }) => id));
    return this.of(sessionId, "minted")
      .filter(({ id }) => !undone.has(id))
      .map(({ id, kind, reference }) => ({
        id,
        sessionId,
        kind: kind ?? "",
        reference: reference ?? "",
      }));
  }

  /** How many there are. */
  get count(): number {
    return this.#recorded.length;
  }
}

function asText(sessionId: string, actions: readonly RecordedAction[]): string {
  return JSON.stringify([sessionId, actions.map(rowOf)]);
}
