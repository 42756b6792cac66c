/** What becomes of an effect, by its kind. */

import { KIND } from "../context.ts";
import { SetupError } from "../core/errors.ts";

const EFFECTS = ["send", "hold", "drop", "mark", "refuse"] as const;
/**
 * What is done with something that an impersonated request wants to send.
 *
 * `send` lets it go, `hold` keeps it until the app releases it or the session ends, `drop` does
 * without it, `mark` sends what says that the user did not do this, `refuse` throws.
 */
export type Effect = (typeof EFFECTS)[number];
/** An effect for each kind; `*` is for all others. */
export type EffectPolicies = Readonly<Record<string, Effect>>;

const ANY_KIND = "*";
/** Unless an app says otherwise. */
const DEFAULTS: ReadonlyMap<string, Effect> = new Map([
  // Nobody should believe that something was paid.
  ["payment", "refuse"],
  // What has happened has happened; copies elsewhere that do not hear of it go wrong.
  ["webhook", "mark"],
]);

/** The app's word for each kind, and ours where it has none; what nobody has thought of is held. */
export class Policies {
  readonly #given: ReadonlyMap<string, Effect>;

  /** @throws {SetupError} a kind or an effect is none. */
  constructor(given: EffectPolicies = {}) {
    const entries = Object.entries(given);
    for (const [kind, effect] of entries) {
      if ((kind !== ANY_KIND && !KIND.test(kind)) || !EFFECTS.includes(effect)) {
        const known = EFFECTS.join(", ");
        throw new SetupError(`${kind}: ${effect} is no side effect; there are ${known}.`);
      }
    }
    this.#given = new Map(entries);
  }

  /** What becomes of an effect of this kind; what cannot be marked is held. */
  of(kind: string, canMark: boolean): Effect {
    const said = this.#given.get(kind) ?? this.#given.get(ANY_KIND) ?? DEFAULTS.get(kind);
    const found = said ?? "hold";
    return found === "mark" && !canMark ? "hold" : found;
  }
}
