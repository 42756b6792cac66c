/** Timers that only a test moves: seconds pass at once, and nobody sleeps. */

import { afterEach, beforeEach, vi } from "vitest";

/** For every test of the file. */
export function withManualTimers(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Let `seconds` pass, and whatever is due in them be done. */
export async function pass(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
}

/** What `work` comes to, while `seconds` pass. */
export async function during<T>(seconds: number, work: Promise<T>): Promise<T> {
  const [done] = await Promise.all([work, pass(seconds)]);
  return done;
}
