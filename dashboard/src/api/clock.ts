const TOLERANCE = 2_000;

let offset = 0;

/**
 * Learns from an answer's `Date` how far this computer's clock is off. The header has whole seconds,
 * so small differences mean nothing.
 */
export function learnServerTime(date: string | null, now: number = Date.now()): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const difference = server - now;
  offset = Math.abs(difference) > TOLERANCE ? difference : 0;
}

/** Now, in milliseconds, by the service's clock: countdowns must not depend on the operator's. */
export function serverNow(): number {
  return Date.now() + offset;
}
