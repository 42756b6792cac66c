import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { openStream, type Stream } from "../api/stream";

const POLL = 5_000;
const SETTLE = 150;

let flowing = false;
const watchers = new Set<() => void>();

function setFlowing(value: boolean): void {
  if (flowing === value) return;
  flowing = value;
  for (const watcher of watchers) watcher();
}

/**
 * Keeps grants and sessions fresh by the event stream. Called once, by the shell. The stream is
 * closed while nobody looks: over HTTP/1.1 a browser has six connections for all tabs together.
 */
export function useLiveUpdates(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    let stream: Stream | undefined;
    let settle: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      clearTimeout(settle);
      settle = setTimeout(() => {
        for (const key of ["sessions", "grants", "subjects", "changes"]) {
          void queryClient.invalidateQueries({ queryKey: [key] });
        }
      }, SETTLE);
    };
    const follow = () => {
      stream?.close();
      stream = undefined;
      setFlowing(false);
      if (document.visibilityState === "visible") stream = openStream(refresh, setFlowing);
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      clearTimeout(settle);
      stream?.close();
      setFlowing(false);
    };
  }, [queryClient]);
}

/** How often to poll what changes by itself: not at all while the event stream tells. */
export function usePolling(): number | false {
  const live = useSyncExternalStore(watch, () => flowing);
  return live ? false : POLL;
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
