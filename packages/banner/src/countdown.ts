/** One reading of the server's clock, taken at `takenAt` on the page's monotonic clock. */
export interface Reading {
  readonly endsAt: number;
  /** When it ends if nothing happens in it until then. */
  readonly idleAt?: number;
  readonly serverNow: number;
  readonly takenAt: number;
}

const MINUTE = 60_000;
const JITTER = 1_000;

/** Minutes left at which people are told; the first is also where "left" becomes "Ends in". */
export const SOON = 5 * MINUTE;
export const LAST = MINUTE;

/**
 * The time left until the nearer end, by the server's clock carried forward on the monotonic one; the client's wall clock
 * plays no part. `takenAt` is when the server was asked, so the error is on the short side.
 */
export class Countdown {
  #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Milliseconds left at `now`, never below zero. */
  remaining(now: number): number {
    return Math.max(0, remainingBy(this.#reading, now));
  }

  /** Whether resting would end it before its time does. */
  get byIdle(): boolean {
    const { endsAt, idleAt = endsAt } = this.#reading;
    return idleAt < endsAt;
  }

  /** Takes a newer reading; one that differs by less than a second is network jitter and is let go. */
  sync(reading: Reading, now: number): void {
    const moved = Math.abs(remainingBy(reading, now) - remainingBy(this.#reading, now));
    if (moved >= JITTER) this.#reading = reading;
  }
}

function remainingBy({ endsAt, idleAt = endsAt, ...reading }: Reading, now: number): number {
  return Math.min(endsAt, idleAt) - reading.serverNow - (now - reading.takenAt);
}

/** The threshold that was crossed between two looks at the time left, the later one if both were. */
export function crossed(before: number, after: number): typeof SOON | typeof LAST | null {
  for (const threshold of [LAST, SOON] as const) {
    if (before > threshold && after <= threshold && after > 0) return threshold;
  }
  return null;
}

/** Whether the end is near enough to be shown in other words and another shape. */
export function isSoon(remaining: number, byIdle = false): boolean {
  return remaining <= (byIdle ? LAST : SOON);
}

/** `26:41`, or `1:02:03` from an hour up; a second that has begun counts. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3_600);
  const padded = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return hours > 0 ? `${hours}:${padded}` : padded.replace(/^0/, "");
}

/** `27 minutes`, `1 minute`, `40 seconds`: for the ear, where seconds beside minutes are noise. */
export function spokenText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  const [count, unit] = seconds < 60 ? [seconds, "second"] : [Math.round(seconds / 60), "minute"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
