/** Whether the service's news reach this process, so that its copies of sessions may be trusted. */

/** How old the last beat of the event stream may be while sessions are served from the cache. */
export const FRESH_SECONDS = 5;

/**
 * Written by the follower, read by every request.
 *
 * `generation` counts connections of the stream, and changes of the rules. What was asked before
 * one is not trusted after it: an ending in between may have been missed, a new rule not applied.
 */
export class Pulse {
  generation = 0;
  freshUntil = Number.NEGATIVE_INFINITY;

  /** A stream begins, from which nothing has been heard yet. */
  connected(): void {
    this.freshUntil = Number.NEGATIVE_INFINITY;
    this.generation += 1;
  }

  /** Whatever was asked up to now must be asked again, although the stream stands. */
  mistrust(): void {
    this.generation += 1;
  }

  /** The stream said at `now` (by the machine's counter) that it has told everything. */
  beat(now: number): void {
    this.freshUntil = now + FRESH_SECONDS;
  }
}
