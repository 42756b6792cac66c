/** Waiting by Node's own counter; nothing of it keeps a process alive unless somebody waits. */

/** Between the tries of an order; doubled after each that fails. */
export const FIRST_PAUSE = 0.25;
const LONGEST_PAUSE = 5;

/** The pause after one of `seconds`. */
export function longerThan(seconds: number): number {
  return Math.min(seconds * 2, LONGEST_PAUSE) || FIRST_PAUSE;
}

/** Node's counter, in seconds: what pauses are measured by. */
export function counted(): number {
  return performance.now() / 1_000;
}

/** Resolves after `seconds`; the process does not end before. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1_000);
  });
}

/** A wait that can be cut short. */
export class Bell {
  #waiting: (() => void) | null = null;

  /** Resolves after `seconds`, or when it rings; the process may end before. One waits at a time. */
  wait(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.ring(), seconds * 1_000);
      timer.unref();
      this.#waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Let whoever waits go on now. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }
}

/** Whether `work` is through within `seconds`; the process does not end before. */
export async function within(seconds: number, work: Promise<unknown>): Promise<boolean> {
  if (seconds <= 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1_000);
  });
  const done = work.then(() => true);
  return await Promise.race([done, late]).finally(() => clearTimeout(timer));
}
