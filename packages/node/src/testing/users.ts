/** What the users of an app under test say of those who work in their account. */

import { Conflict, NotFound } from "../core/errors.ts";
import type { Told, UserSays } from "../userSays.ts";

const EXPIRES_AT = "2030-01-01T00:00:00Z";

/**
 * Keeps what one user after the other has said; `mode` is what is asked of all of them.
 *
 * `toldAs` is what they are told of whoever works in their account; null unless they are told.
 */
export class Users {
  mode: "off" | "standing" | "ask" = "off";
  toldAs: string | null = null;
  readonly said: UserSays[] = [];
  readonly history: Told[] = [];
  readonly #requests = new Map<string, Told>();
  readonly #agreed = new Set<string>();

  /** Put a request to whoever looks. */
  ask(id: string, { askedBy = "Sam Support", minutes = 30 } = {}): void {
    this.#requests.set(id, {
      id,
      asked_by: askedBy,
      reason: "Ticket 1: cannot see the invoice",
      ticket: null,
      scope: "full",
      minutes,
      digits: "47",
      created_at: EXPIRES_AT,
      expires_at: EXPIRES_AT,
    });
  }

  /**
   * What a service answers.
   *
   * @throws {NotFound} nobody asks that.
   * @throws {Conflict} nothing is asked for.
   */
  tell(said: UserSays): Told {
    this.said.push(said);
    const { deed, subjectId, target } = said;
    if (deed === "history") return { items: this.history, next_cursor: null };
    if (deed === "state") return this.#state(subjectId);
    if (deed === "allow" || deed === "decline" || deed === "code") return this.#answered(said);
    if (deed === "withdraw") {
      this.#agreed.delete(subjectId);
      return { consents: 1, ended_sessions: 0 };
    }
    if (deed !== "agree") return { session_id: target };
    if (this.mode !== "standing") throw new Conflict();
    this.#agreed.add(subjectId);
    return consent("standing");
  }

  #state(subjectId: string): Told {
    return {
      mode: this.mode,
      standing_days: 30,
      consents: this.#agreed.has(subjectId) ? [consent("standing")] : [],
      requests: [...this.#requests.values()],
    };
  }

  #answered({ deed, target }: UserSays): Told {
    if (!this.#requests.has(target)) throw new NotFound();
    if (deed === "code") return { code: "HELP 1234 5678", expires_at: EXPIRES_AT };
    this.#requests.delete(target);
    return deed === "allow" ? consent("once") : { id: target };
  }
}

function consent(kind: string): Told {
  return {
    id: "cns_1",
    kind,
    scope: "full",
    minutes: null,
    given_at: EXPIRES_AT,
    expires_at: EXPIRES_AT,
  };
}
