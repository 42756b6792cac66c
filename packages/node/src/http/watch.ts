/** Knows while a connection stays open that its session is over. */

import { Ended, type Held } from "../cache.ts";
import { Unavailable } from "../core/errors.ts";
import { asking } from "../passage/steps.ts";
import { carriedOut } from "../passage/waiting.ts";
import { FRESH_SECONDS } from "../pulse.ts";
import type { Runtime } from "../runtime.ts";
import type { Secret } from "../secret.ts";

const SHORTEST = 0.25;

/** Whose session it is, by the token that the browser has sent. */
export interface Watched {
  readonly runtime: Runtime;
  readonly token: Secret;
  readonly held: Held;
}

/**
 * Resolves as soon as the session is over, to null when nobody can tell any more, and once `stop` is
 * aborted.
 *
 * An ending that the service pushes wakes it at once, also when nothing moves on the connection.
 * Without such pushes the service is asked every 5 s.
 */
export async function untilOver(
  { runtime, token, held }: Watched,
  stop: AbortSignal,
): Promise<Ended | null> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const { id } = held.session;
  runtime.cache.watch(id, ring);
  stop.addEventListener("abort", ring);
  try {
    while (!stop.aborted) {
      const known = runtime.cache.find(held.key);
      const found = known ?? (await carriedOut(asking(runtime, token, held.key)));
      if (found instanceof Ended) return found;
      await bell.within(trustedFor(runtime, found));
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
  } finally {
    runtime.cache.unwatch(id, ring);
    stop.removeEventListener("abort", ring);
  }
  return null;
}

/** Wakes whoever waits for it; rung while nobody does, it wakes the next one. */
class Bell {
  #hasRung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  async within(seconds: number): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, seconds * 1000);
        // A page that stands open keeps no process alive that has nothing else to do.
        timer.unref();
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hasRung = false;
  }
}

/** Seconds for which `held` needs no look. */
function trustedFor(runtime: Runtime, held: Held): number {
  const now = runtime.monotonic();
  const { freshUntil } = runtime.pulse;
  const heardUntil = freshUntil > now ? freshUntil : now + FRESH_SECONDS;
  const until = Math.min(held.usableUntil, held.overAt, held.idleUntil, heardUntil);
  return Math.max(SHORTEST, until - now);
}
