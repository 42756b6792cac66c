/** How a session begins: by an exchange, and nowhere else than in the browser that waits for it. */

import type { Addresses } from "./addresses.ts";
import type { BrowserSessions } from "./browserSessions.ts";
import { OutcomeUnknown } from "./core/errors.ts";
import { askingApp, type VisitSteps, waiting } from "./passage/steps.ts";
import type { Secret } from "./secret.ts";
import { UNKNOWN } from "./sessions.ts";
import { readHome, type Staff } from "./staff.ts";
import type { Understudy } from "./understudy.ts";
import type { Opened, Presented, Subject } from "./values.ts";

/** How long a person waits for a session; it takes two tries of five seconds. */
const EXCHANGE_SECONDS = 12;

/** What a browser needs that shall get a session. */
export interface Opening {
  readonly understudy: Understudy;
  readonly addresses: Addresses;
  readonly sessions: BrowserSessions;
}

/** Opens sessions that staff have asked for. */
export class Beginning {
  readonly #opening: Opening;
  readonly #staff: Staff;

  constructor(opening: Opening, staff: Staff) {
    this.#opening = opening;
    this.#staff = staff;
  }

  /**
   * The session for `token`, and the path at which it begins.
   *
   * @throws {TokenInvalid} the service takes the token no more.
   * @throws {OutcomeUnknown} it did not say.
   */
  of(token: Secret): VisitSteps<[Opened, string]> {
    const bare = { wire: "native", codeVerifier: null, redirectUri: null, attempt: null } as const;
    const presented = { token, ...bare };
    return exchanging(this.#opening, presented, (opened) => this.#withHome(opened));
  }

  *#withHome(opened: Opened): VisitSteps<[Opened, string]> {
    return [opened, yield* this.#home(opened.session.subject)];
  }

  *#home(subject: Subject): VisitSteps<string> {
    const { addresses } = this.#opening;
    const { homeOf } = this.#staff;
    if (homeOf === null) return addresses.home;
    return readHome(yield* asked(() => homeOf(subject)), addresses);
  }
}

/**
 * What `use` makes of the session that `presented` is exchanged for.
 *
 * Where that fails, and where the browser goes before it has its cookie or waits no longer, the
 * session is ended.
 *
 * @throws {OutcomeUnknown} the service did not say whether one has begun.
 */
export function* exchanging<T>(
  { understudy, sessions }: Opening,
  presented: Presented,
  use: (opened: Opened) => VisitSteps<T>,
): VisitSteps<T> {
  const runtime = understudy.runtime();
  runtime.follow();
  const promise = runtime.calls.submit(() => runtime.sessions.exchange(presented));
  let hasBegun = false;
  try {
    const settled = yield* waiting(promise, EXCHANGE_SECONDS);
    if (settled === null) throw new OutcomeUnknown(UNKNOWN);
    if ("error" in settled) throw settled.error;
    const made = yield* use(settled.value);
    hasBegun = true;
    return made;
  } finally {
    if (!hasBegun) undo(promise, sessions);
  }
}

/** What the app gives by `call`, or the error that it throws. */
export function* asked(call: () => unknown): VisitSteps<unknown> {
  const settled = yield* askingApp(call);
  if (!("error" in settled)) return settled.value;
  // Anything can be thrown, and must not pass for what was given.
  return settled.error instanceof Error ? settled.error : new TypeError("No error was thrown.");
}

function undo(promise: Promise<Opened>, sessions: BrowserSessions): void {
  promise.then((opened) => sessions.end(opened.sessionToken)).catch(() => undefined);
}
