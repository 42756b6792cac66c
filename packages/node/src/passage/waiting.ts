/** Does the steps of a passage, each of them waited for. */

import {
  AskApp,
  KeepBody,
  LoadUser,
  ReadBody,
  type Settled,
  type Step,
  type VisitSteps,
} from "./steps.ts";

/** What a driver can do for a passage, and a visit. */
export interface Driver {
  readonly loadUser?: (step: LoadUser) => unknown;
  /** Gives as many bytes of the request's body at most, for bodies that nobody else will read. */
  readonly readBody?: (most: number) => Promise<Uint8Array>;
  /** Gives the whole of one that the app reads again, or null. */
  readonly keepBody?: (most: number) => Promise<Uint8Array | null>;
  /** Aborted once the browser has gone. */
  readonly gone?: AbortSignal;
}

/**
 * What `steps` come to.
 *
 * @throws whatever a step of the driver's raises, and the reason of `gone` once nobody waits.
 */
export async function carriedOut<T>(steps: VisitSteps<T>, driver: Driver = {}): Promise<T> {
  try {
    let next = steps.next();
    while (!next.done) {
      const came = await answered(next.value, driver);
      driver.gone?.throwIfAborted();
      next = steps.next(came);
    }
    return next.value;
  } finally {
    // A request that is given up here still has its word to say to the log.
    steps.return(undefined as T);
  }
}

/** How `promise` comes out within `seconds`, null when it does not; it goes on in any case. */
export async function settledWithin<T>(
  promise: Promise<T>,
  seconds: number,
): Promise<Settled<T> | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, seconds * 1000, null);
  });
  try {
    return await Promise.race([settled(promise), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function answered(step: Step | AskApp, driver: Driver): Promise<unknown> {
  if (step instanceof LoadUser) return (await driver.loadUser?.(step)) ?? null;
  if (step instanceof ReadBody) return (await driver.readBody?.(step.most)) ?? new Uint8Array();
  if (step instanceof KeepBody) return (await driver.keepBody?.(step.most)) ?? null;
  if (step instanceof AskApp) return settled(called(step.call));
  return unlessGone(settledWithin(step.promise, step.seconds), driver.gone);
}

/** Calls the app's own function, which may raise at once or by its promise. */
async function called(call: () => unknown): Promise<unknown> {
  return await call();
}

async function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

/** As `waited`, which nobody waits for any more once `gone` is aborted. */
function unlessGone<T>(waited: Promise<T>, gone?: AbortSignal): Promise<T | null> {
  if (gone === undefined) return waited;
  let stop = (): void => undefined;
  const left = new Promise<null>((leave) => {
    const leaves = (): void => leave(null);
    gone.addEventListener("abort", leaves);
    stop = () => gone.removeEventListener("abort", leaves);
    if (gone.aborted) leaves();
  });
  return Promise.race([waited, left]).finally(stop);
}
