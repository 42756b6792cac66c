/**
 * What a passage asks of its driver, instead of doing it.
 *
 * A passage begins as a generator. It yields steps and is sent what came of each, so that what is
 * done in which order stands in one place, and can be tried without a server.
 */

import type { Ended, Held } from "../cache.ts";
import { Unavailable } from "../core/errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Secret } from "../secret.ts";
import type { Subject } from "../values.ts";

/** How long a request may wait for the service's word on its session. */
export const ASK_SECONDS = 1;

/** How something that was waited for came out. */
export type Settled<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Wait for `promise`, for `seconds` at most; send how it came out, or null when it took too long.
 *
 * It goes on whatever becomes of this request: others may wait for it too.
 */
export class Wait {
  readonly promise: Promise<unknown>;
  readonly seconds: number;

  constructor(promise: Promise<unknown>, seconds: number) {
    this.promise = promise;
    this.seconds = seconds;
  }
}

/**
 * Send the app's user for `subject`, null when there is none, or one `Lazily` found.
 *
 * What is loaded lazily is shown to `found` before the app gets it; what `found` does not take,
 * the app must not get.
 */
export class LoadUser {
  readonly subject: Subject;
  readonly found: (user: unknown) => boolean;

  constructor(subject: Subject, found: (user: unknown) => boolean) {
    this.subject = subject;
    this.found = found;
  }
}

/**
 * Send the first bytes of the request's body, `most` at most; none where it takes too long.
 *
 * The app is not called for this request, so that nobody else needs them.
 */
export class ReadBody {
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }
}

/**
 * Send the whole of the request's body, and keep it for the app; null where it is longer than `most`,
 * or cannot be read.
 */
export class KeepBody {
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }
}

/** Make a `call` of the app's, plain or async, and send how it came out. */
export class AskApp {
  readonly call: () => unknown;

  constructor(call: () => unknown) {
    this.call = call;
  }
}

/** Stands for a user whom the framework loads when somebody looks. */
export class Lazily {
  readonly user: unknown;

  constructor(user: unknown) {
    this.user = user;
  }
}

export type Step = Wait | LoadUser | ReadBody | KeepBody;
/** Those of a passage. */
export type Steps<T> = Generator<Step, T, unknown>;
/** Those of a visit to the SDK's own addresses, and of a passage as well. */
export type VisitSteps<T> = Generator<Step | AskApp, T, unknown>;

/** How `promise` came out, or null when that took longer than `seconds`. */
export function* waiting<T>(promise: Promise<T>, seconds: number): Steps<Settled<T> | null> {
  return (yield new Wait(promise, seconds)) as Settled<T> | null;
}

/** The app's user for `subject`. */
export function* loading(subject: Subject, found: (user: unknown) => boolean): Steps<unknown> {
  return yield new LoadUser(subject, found);
}

/** The first bytes of a body that nobody else will read. */
export function* readingBody(most: number): Steps<Uint8Array> {
  return (yield new ReadBody(most)) as Uint8Array;
}

/** The whole of a body that the app reads again; null where it is longer, or cannot be read. */
export function* keepingBody(most: number): Steps<Uint8Array | null> {
  return (yield new KeepBody(most)) as Uint8Array | null;
}

/** How a call of the app's own function came out. */
export function* askingApp<T>(call: () => T): VisitSteps<Settled<Awaited<T>>> {
  return (yield new AskApp(call)) as Settled<Awaited<T>>;
}

/**
 * The session as the service sees it.
 *
 * @throws {Unavailable} no answer in time.
 */
export function* asking(runtime: Runtime, token: Secret, key: string): Steps<Held | Ended> {
  const settled = yield* waiting(runtime.ask(token, key), ASK_SECONDS);
  if (settled === null) throw new Unavailable(null, { internal: "no answer in time" });
  if ("error" in settled) throw settled.error;
  return settled.value;
}
