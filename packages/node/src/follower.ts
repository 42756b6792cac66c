/** Follows the service's news for as long as the process lives, so that endings are known at once. */

import type { SessionCache } from "./cache.ts";
import { UnderstudyError } from "./core/errors.ts";
import type { Gateway } from "./gateway.ts";
import { asLastResort, warn } from "./logging.ts";
import { Bell } from "./pause.ts";
import type { Pulse } from "./pulse.ts";
import type { News } from "./values.ts";

const FIRST_PAUSE = 0.1;
/** Seconds between two tries to connect: doubled after each that brings no beat. */
export const LONGEST_PAUSE = 2;

interface FollowerParts {
  readonly gateway: Gateway;
  readonly cache: SessionCache;
  readonly pulse: Pulse;
  readonly monotonic: () => number;
  /** Called whenever a session is over. */
  readonly over?: () => void;
}

/** Keeps `pulse` and `cache` up to date. Reconnects until it is stopped. */
export class Follower {
  readonly #gateway: Gateway;
  readonly #cache: SessionCache;
  readonly #pulse: Pulse;
  readonly #monotonic: () => number;
  readonly #over: () => void;
  readonly #bell = new Bell();
  #isStopped = false;
  #lastEventId: string | null = null;
  #connected = false;

  constructor({ gateway, cache, pulse, monotonic, over }: FollowerParts) {
    this.#gateway = gateway;
    this.#cache = cache;
    this.#pulse = pulse;
    this.#monotonic = monotonic;
    this.#over = over ?? (() => undefined);
  }

  /** Follow until `stop`. It keeps no process alive. */
  async run(): Promise<void> {
    let seconds = FIRST_PAUSE;
    while (!this.#isStopped) {
      seconds = (await this.#followOnce()) ? FIRST_PAUSE : Math.min(seconds * 2, LONGEST_PAUSE);
      if (!this.#isStopped) await this.#bell.wait(seconds);
    }
  }

  /** Believe nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#bell.ring();
  }

  /** Believe one piece of news. */
  take(news: News): void {
    if (news.kind === "session_closed") {
      this.#cache.close(news.sessionId, news.cause);
      this.#over();
      this.#hear(news.eventId);
    } else if (news.kind === "rules_changed") {
      this.#pulse.mistrust();
      this.#hear(news.eventId);
    } else {
      this.#beat(news.index);
    }
  }

  /** Read until the stream breaks; true when it stood at least for a moment. */
  async #followOnce(): Promise<boolean> {
    this.#connected = false;
    const facts = { action: "read_stream" };
    await asLastResort("The event stream broke unexpectedly", facts, () => this.#follow());
    return this.#connected;
  }

  async #follow(): Promise<void> {
    try {
      for await (const news of this.#gateway.follow(this.#lastEventId)) {
        if (this.#isStopped) return;
        this.take(news);
      }
    } catch (error) {
      // A connection that is closed under the reader when all is over is no fault.
      if (this.#isStopped) return;
      if (!(error instanceof UnderstudyError)) throw error;
      const why = `${error.code} (${error.internal})`;
      warn(`The event stream broke: ${why}`, { action: "follow_stream" });
    }
  }

  /** Resume behind this entry of the log from now on, never behind an earlier one. */
  #hear(eventId: string | null): void {
    if (eventId === null || !/^\d+$/.test(eventId)) return;
    // After a reconnection the service may tell again what was heard already.
    const heard = BigInt(this.#lastEventId ?? -1);
    const told = BigInt(eventId);
    this.#lastEventId = String(told > heard ? told : heard);
  }

  #beat(index: number): void {
    if (!this.#connected) {
      // Trust begins with the first beat: before it, news may be missing.
      this.#connected = true;
      this.#pulse.connected();
    }
    this.#hear(String(index));
    this.#pulse.beat(this.#monotonic());
  }
}
