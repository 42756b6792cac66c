/** The sessions of one process: found in the cache, or asked of the service. */

import type { Ask, Granted } from "./asks.ts";
import type { Ended, Held, SessionCache } from "./cache.ts";
import {
  InvalidInput,
  NotFound,
  OutcomeUnknown,
  Refused,
  SessionOver,
  TokenInvalid,
  TooManyRequests,
  Unavailable,
  UnderstudyError,
} from "./core/errors.ts";
import { tokenHash } from "./core/tokens.ts";
import type { Gateway } from "./gateway.ts";
import { warn } from "./logging.ts";
import { pause } from "./pause.ts";
import { causeOf } from "./problems.ts";
import type { Pulse } from "./pulse.ts";
import { Secret } from "./secret.ts";
import type { Opened, Presented } from "./values.ts";

/** Seconds between the tries of an exchange whose answer got lost. */
const PAUSES = [0.25, 1] as const;
/** No further try begins after so many seconds: a person waits. */
export const REPEATED_WITHIN = 6;
export const UNKNOWN = "Whether the session has begun is not known. Launch it once more.";

type ErrorKind = abstract new (...args: never[]) => UnderstudyError;

interface SessionsParts {
  readonly gateway: Gateway;
  readonly cache: SessionCache;
  readonly pulse: Pulse;
  readonly monotonic: () => number;
  readonly newAttempt: () => string;
  /** Called with each session that this process has begun. */
  readonly begun?: (opened: Opened) => void;
}

/** Looks sessions up. */
export class Sessions {
  readonly cache: SessionCache;
  readonly #gateway: Gateway;
  readonly #pulse: Pulse;
  readonly #monotonic: () => number;
  readonly #newAttempt: () => string;
  readonly #begun: (opened: Opened) => void;

  constructor({ gateway, cache, pulse, monotonic, newAttempt, begun }: SessionsParts) {
    this.cache = cache;
    this.#gateway = gateway;
    this.#pulse = pulse;
    this.#monotonic = monotonic;
    this.#newAttempt = newAttempt;
    this.#begun = begun ?? (() => undefined);
  }

  /**
   * The session behind `token` as the service sees it now.
   *
   * @throws Unavailable the service cannot be asked, or did not answer to the question.
   */
  async refresh(token: Secret): Promise<Held | Ended> {
    // Before asking: what ends while the answer is under way must not be overlooked.
    const asked = { generation: this.#pulse.generation, sentAt: this.#monotonic() };
    let opened: Opened;
    try {
      opened = await this.#gateway.refresh(token);
    } catch (error) {
      if (!isOne(error, [SessionOver, TokenInvalid, Refused, NotFound])) throw notAnswered(error);
      const known = error instanceof SessionOver;
      return this.cache.refuse(tokenHash(token.reveal()), causeOf(error), { known });
    }
    // Otherwise one agent would be served another one's session, and from the cache ever after.
    if (!opened.sessionToken.equals(token)) {
      throw new Unavailable(null, { internal: "the service answered for another session" });
    }
    return this.cache.keep(opened, asked);
  }

  /**
   * The grant for `ask`, and its token.
   *
   * @throws Refused a rule says no.
   * @throws InvalidInput the service cannot read it.
   * @throws TooManyRequests it is asked too often.
   * @throws Unavailable it cannot be asked, or did not answer. Nothing has begun, as nobody got the
   *   token.
   */
  async request(ask: Ask): Promise<Granted> {
    try {
      return await this.#gateway.request(ask);
    } catch (error) {
      if (isOne(error, [Refused, InvalidInput, TooManyRequests])) throw error;
      if (!(error instanceof OutcomeUnknown)) throw notAnswered(error);
      throw new Unavailable(null, { internal: error.internal });
    }
  }

  /**
   * A new session. Asked for again, under the same name, where the answer got lost.
   *
   * @throws TokenInvalid unknown, expired, used, foreign, or bound to something else.
   * @throws Refused a rule says no by now.
   * @throws Unavailable the service cannot be asked.
   * @throws OutcomeUnknown it did not answer, and may have begun the session.
   */
  async exchange(presented: Presented): Promise<Opened> {
    const asked = { generation: this.#pulse.generation, sentAt: this.#monotonic() };
    try {
      const attempt = new Secret(this.#newAttempt());
      const opened = await this.#exchanged({ ...presented, attempt });
      this.cache.keep(opened, asked);
      this.#begun(opened);
      return opened;
    } catch (error) {
      if (isOne(error, [TokenInvalid, Refused])) throw error;
      if (!(error instanceof OutcomeUnknown)) throw notAnswered(error);
      throw new OutcomeUnknown(UNKNOWN, { internal: error.internal });
    }
  }

  /** What the gateway answers, by the first answer that says more than "not known". */
  async #exchanged(presented: Presented): Promise<Opened> {
    const began = this.#monotonic();
    try {
      return await this.#gateway.exchange(presented);
    } catch (error) {
      // A node of before attempts knows none, and has not used the token up.
      if (error instanceof InvalidInput) {
        return await this.#gateway.exchange({ ...presented, attempt: null });
      }
      if (!(error instanceof OutcomeUnknown)) throw error;
      return await this.#exchangedAgain(presented, began, error);
    }
  }

  async #exchangedAgain(
    presented: Presented,
    began: number,
    first: OutcomeUnknown,
  ): Promise<Opened> {
    let unknown = first;
    for (const seconds of PAUSES) {
      if (this.#monotonic() - began > REPEATED_WITHIN) break;
      await pause(seconds);
      try {
        return await this.#gateway.exchange(presented);
      } catch (error) {
        if (!isOne(error, [InvalidInput, Unavailable])) throw error;
        // Whatever keeps it from saying so now, the first try may have begun the session.
        unknown = new OutcomeUnknown(null, { internal: error.internal ?? error.code });
      }
    }
    throw unknown;
  }
}

function isOne(error: unknown, kinds: readonly ErrorKind[]): error is UnderstudyError {
  return kinds.some((kind) => error instanceof kind);
}

/** What to throw when the service gave no answer to the question. */
function notAnswered(error: unknown): unknown {
  if (!(error instanceof UnderstudyError)) return error;
  // Wrong credentials are a fault of the set-up, and no word about the session.
  const why = `${error.code} (${error.internal ?? error.detail})`;
  warn(`Understudy cannot be asked: ${why}`, { action: "refresh_session" });
  if (error instanceof Unavailable) return error;
  return new Unavailable(null, { internal: error.code });
}
