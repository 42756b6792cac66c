const anchors = new Map<string, number>();

/**
 * When, on the monotonic clock, the server wrote this stamp: at the earliest when the page was asked
 * for, so that the countdown never shows more than is left. A copy of the element that a framework
 * makes later carries the same stamp and gets the same answer, not a countdown that starts again.
 */
export function writtenAt(stamp: number, now: number): number {
  const key = String(stamp);
  const known = anchors.get(key);
  if (known !== undefined) return known;
  const at = anchors.size === 0 && document.readyState !== "complete" ? requestedAt(now) : now;
  anchors.set(key, at);
  return at;
}

function requestedAt(now: number): number {
  const [navigation] = performance.getEntriesByType?.("navigation") ?? [];
  const at = (navigation as PerformanceNavigationTiming | undefined)?.requestStart;
  return at ? Math.min(at, now) : now;
}
