/**
 * Hears that the server was told to stop, beside the app's own handlers of signals.
 *
 * What is open for as long as a page is ends then, since a graceful stop waits for it. Where nobody
 * else handles the signal the process ends by it, once what was recorded is sent.
 */

import { isMainThread } from "node:worker_threads";
import { onePerProcess } from "./onePerProcess.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** How long a process that was told to stop is taken to do so: what is opened meanwhile ends. */
const STOPPING_SECONDS = 30;

type LastThing = () => Promise<void>;

/** What one process does when it is told to stop. */
class Stopping {
  readonly wakers = new Set<() => void>();
  readonly lastThings = new Set<LastThing>();
  toldAt = Number.NEGATIVE_INFINITY;

  readonly heard = (signal: NodeJS.Signals): void => {
    this.toldAt = now();
    for (const waker of [...this.wakers]) waker();
    // Whoever has a handler of their own ends the process by themself, once its requests are
    // through.
    if (process.listeners(signal).some((one) => one !== this.heard)) return;
    const left = [...this.lastThings].map((last) => last());
    void Promise.allSettled(left).then(() => {
      this.listen(false);
      // As without us: the process ends by the signal, and its parent sees that.
      process.kill(process.pid, signal);
    });
  };

  listen(on: boolean): void {
    for (const signal of SIGNALS) {
      process.off(signal, this.heard);
      if (on) process.on(signal, this.heard);
    }
  }
}

// One for every copy of the package: to each the other's handler would be somebody else's.
const STOPPING = onePerProcess("stopping", () => new Stopping());

/** Hear the signals from now on; `last` is waited for before a process ends that nobody else ends. */
export function heed(last: LastThing): void {
  if (!isMainThread) return;
  STOPPING.lastThings.add(last);
  STOPPING.listen(true);
}

/** Forget `last`; where nothing is left to be done, leave the signals to others again. */
export function heedNoMore(last: LastThing): void {
  STOPPING.lastThings.delete(last);
  if (STOPPING.lastThings.size === 0) STOPPING.listen(false);
}

/** Call `waker` when the server stops, at once if it does so; what comes back forgets it. */
export function woken(waker: () => void): () => void {
  STOPPING.wakers.add(waker);
  if (now() - STOPPING.toldAt < STOPPING_SECONDS) waker();
  return () => STOPPING.wakers.delete(waker);
}

function now(): number {
  return performance.now() / 1000;
}
