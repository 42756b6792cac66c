/** Seconds that nobody sets, and that also count while the machine sleeps. */

import { uptime } from "node:os";

/** How often the machine is asked how long it has been up; in between Node's own counter goes on. */
const LOOK_SECONDS = 0.25;
/** What the two differ by is a sleep from here on; below it, it is how finely they are counted. */
const SLEEP_SECONDS = 0.5;

let slept = 0;
let looked = Number.NEGATIVE_INFINITY;
let apart = Number.NaN;

/** How long ago the process began to count: a lease runs out by it, asleep or not. */
export function secondsSinceBoot(): number {
  const counted = performance.now() / 1_000;
  // Node's counter stands still in a sleep, and has no name for the one that does not.
  if (counted - looked >= LOOK_SECONDS) {
    looked = counted;
    lookForSleep(uptime() - counted);
  }
  return counted + slept;
}

function lookForSleep(difference: number): void {
  if (difference - apart > SLEEP_SECONDS) slept += difference - apart;
  // Never back: a clock that others may set has a part in what some systems answer.
  if (!(difference < apart)) apart = difference;
}
