/**
 * Hears that the server was told to stop, beside the app's own handlers of signals.
 *
 * What is open for as long as a page is ends then, since a graceful stop waits for it. Where nobody
 * else handles the signal the process ends by it, once what was recorded is sent.
 */

import { isMainThread } from "node:worker_threads";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** How long a process that was told to stop is taken to do so: what is opened meanwhile ends. */
const STOPPING_SECONDS = 30;

const wakers = new Set<() => void>();
let toldAt = Number.NEGATIVE_INFINITY;
let lastThing: () => Promise<void> = async () => undefined;

/** Hear the signals from now on; `last` is waited for before a process ends that nobody else ends. */
export function heed(last: () => Promise<void>): void {
  lastThing = last;
  if (!isMainThread) return;
  for (const signal of SIGNALS) {
    if (!process.listeners(signal).includes(heard)) process.on(signal, heard);
  }
}

/** Leave the signals to others again. */
export function heedNoMore(): void {
  for (const signal of SIGNALS) process.off(signal, heard);
}

/** Call `waker` when the server stops, at once if it does so; what comes back forgets it. */
export function woken(waker: () => void): () => void {
  wakers.add(waker);
  if (now() - toldAt < STOPPING_SECONDS) waker();
  return () => wakers.delete(waker);
}

/** The server stops: end what would hold it up. */
function wake(): void {
  for (const waker of [...wakers]) waker();
}

function heard(signal: NodeJS.Signals): void {
  toldAt = now();
  wake();
  // Whoever has a handler of their own ends the process by themself, once its requests are through.
  if (process.listeners(signal).some((one) => one !== heard)) return;
  const end = (): void => {
    heedNoMore();
    // As without us: the process ends by the signal, and its parent sees that.
    process.kill(process.pid, signal);
  };
  lastThing().then(end, end);
}

function now(): number {
  return performance.now() / 1000;
}
