import { useSyncExternalStore } from "react";
import { serverNow } from "../api/clock";

const SECOND = 1_000;
const watchers = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let now = serverNow();

/** The service's time in milliseconds, told anew each second; one ticker serves the whole page. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  now = serverNow();
  ticker ??= setInterval(tick, SECOND);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

function tick(): void {
  now = serverNow();
  for (const watcher of watchers) watcher();
}
