/** The impersonation tokens of a fake service: each is exchanged once, soon, on its own wire. */

import { TokenInvalid } from "../core/errors.ts";
import type { Secret } from "../secret.ts";
import type { Presented, Wire } from "../values.ts";

const REPEATED_WITHIN = 60;
const LIFE = 60;
const LIVES: Partial<Record<Wire, number>> = { stytch: 300 };

/** A token, the session that it is exchanged for, and what it is bound to. */
export class Offer {
  readonly bound: Presented;
  readonly sessionToken: string;
  readonly returnTo: string | null;
  readonly expiresAt: number;
  usedAt: number | null = null;
  attempt: Secret | null = null;

  constructor(bound: Presented, sessionToken: string, returnTo: string | null, now: number) {
    this.bound = bound;
    this.sessionToken = sessionToken;
    this.returnTo = returnTo;
    this.expiresAt = now + (LIVES[bound.wire] ?? LIFE);
  }

  /** Whether a second use ends what the first has begun, as natively it does. */
  get replayRevokes(): boolean {
    return this.bound.wire === "native";
  }

  /** Whether its first use asks once more, as its answer got lost. */
  isAttempt(presented: Presented, now: number): boolean {
    if (this.attempt === null || this.usedAt === null) return false;
    const isSame = presented.attempt !== null && this.attempt.equals(presented.attempt);
    return isSame && now < this.usedAt + REPEATED_WITHIN && fits(this.bound, presented);
  }
}

/** All tokens that were made. `now` is the service's clock, in seconds. */
export class Offers {
  readonly #now: () => number;
  readonly #offers = new Map<string, Offer>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A token, which lives as long as the service's own. */
  add(bound: Presented, sessionToken: string, returnTo: string | null): void {
    const offer = new Offer(bound, sessionToken, returnTo, this.#now());
    this.#offers.set(bound.token.reveal(), offer);
  }

  /**
   * The offer behind `presented`; one that was used before says so.
   *
   * @throws TokenInvalid unknown, expired, of another wire, or bound to something else.
   */
  take(presented: Presented): Offer {
    const offer = this.#offers.get(presented.token.reveal());
    if (offer === undefined) throw new TokenInvalid();
    if (offer.usedAt !== null) return offer;
    if (this.#now() >= offer.expiresAt || !isSameKind(offer.bound, presented)) {
      throw new TokenInvalid();
    }
    if (fits(offer.bound, presented)) return offer;
    // Whoever holds a code without its verifier stole it: nobody shall use it any more.
    offer.usedAt = this.#now();
    throw new TokenInvalid();
  }
}

/** False for a token on another wire, which is not used up by that: codes are a kind too. */
function isSameKind(bound: Presented, presented: Presented): boolean {
  return bound.wire === presented.wire && isCode(bound) === isCode(presented);
}

function isCode({ codeVerifier, redirectUri }: Presented): boolean {
  return codeVerifier !== null && redirectUri !== null;
}

function fits(bound: Presented, presented: Presented): boolean {
  const isSameVerifier = bound.codeVerifier?.reveal() === presented.codeVerifier?.reveal();
  const isSameAddress = bound.redirectUri === presented.redirectUri;
  return bound.wire === presented.wire && isSameVerifier && isSameAddress;
}
