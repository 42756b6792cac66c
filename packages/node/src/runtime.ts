/** What one process of the app keeps: cache, connections and what waits to be sent. */

import { AT_WORK } from "./atWork.ts";
import { type Ended, type Held, SessionCache } from "./cache.ts";
import { Calls } from "./calls.ts";
import { type Closing, closeAtExit, needNotClose } from "./closing.ts";
import { EndCause } from "./core/sessions.ts";
import type { Write } from "./core/unlocks.ts";
import { Follower } from "./follower.ts";
import type { Gateway } from "./gateway.ts";
import { Guard } from "./guard.ts";
import { within } from "./pause.ts";
import { Pulse } from "./pulse.ts";
import type { ReadOnlyPolicy } from "./readOnly.ts";
import { Recorder } from "./recorder.ts";
import type { Secret } from "./secret.ts";
import { Sessions } from "./sessions.ts";
import type { StateFiles } from "./stateFile.ts";
import { Unasked } from "./unasked.ts";
import { type Revoke, Undoing } from "./undoing.ts";
import type { Spent } from "./unlock/values.ts";
import type { Opened, RecordedAction } from "./values.ts";

const CLOSING_SECONDS = 2;
const PREFIX_LENGTH = 16;

interface RuntimeParts {
  readonly gateway: Gateway;
  readonly clock: () => Date;
  readonly monotonic: () => number;
  readonly randomText: () => string;
  readonly readOnly: ReadOnlyPolicy | null;
  readonly state: StateFiles | null;
  /** Revokes what was made in sessions; null where nobody does. */
  readonly revoke: Revoke | null;
  /** Called with each session that this process has begun. */
  readonly begun: (opened: Opened) => void;
}

/** Made by the process, or the worker, that uses it. It connects once there is something to do. */
export class Runtime implements Closing {
  readonly gateway: Gateway;
  readonly clock: () => Date;
  readonly monotonic: () => number;
  readonly pulse = new Pulse();
  readonly cache: SessionCache;
  readonly sessions: Sessions;
  readonly calls = new Calls();
  readonly recorder: Recorder;
  readonly guard: Guard;
  readonly unasked = new Unasked();
  readonly #actionPrefix: string;
  #actions = 0;
  #follower: Follower | null = null;
  #following: Promise<void> = Promise.resolve();
  readonly #undoing: Undoing | null;
  #undone: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;
  /** Whether everything was let go of: nothing can be done with it any more. */
  isClosed = false;

  constructor(parts: RuntimeParts) {
    const { gateway, clock, monotonic, randomText, readOnly, state, revoke, begun } = parts;
    const { pulse, calls } = this;
    this.gateway = gateway;
    this.clock = clock;
    this.monotonic = monotonic;
    const cache = new SessionCache({ pulse, monotonic });
    const recorder = new Recorder({ gateway, calls, newKey: randomText, monotonic, state });
    this.cache = cache;
    this.recorder = recorder;
    const newAttempt = randomText;
    this.sessions = new Sessions({ gateway, cache, pulse, monotonic, newAttempt, begun });
    this.#undoing = revoke && new Undoing({ gateway, revoke, clock, newKey: randomText });
    this.guard = new Guard({
      cache,
      monotonic,
      recorderFull: (sessionId) => recorder.isFull(sessionId),
      ...(readOnly && { readOnly }),
    });
    // A process's own prefix and a counter: unique, and cheaper than chance for each request.
    this.#actionPrefix = randomText().slice(0, PREFIX_LENGTH);
  }

  /** Hear of endings from now on; called before the first session is asked for. */
  follow(): void {
    if (this.#follower !== null || this.#closing !== null) return;
    const { gateway, cache, pulse, monotonic } = this;
    const over = (): void => this.#undoing?.look();
    this.#follower = new Follower({ gateway, cache, pulse, monotonic, over });
    this.#following = this.#follower.run();
    if (this.#undoing !== null) this.#undone = this.#undoing.run();
    closeAtExit(this);
    this.#resume();
  }

  /** An id for the next recorded action. */
  newActionId(): string {
    this.#actions += 1;
    return `${this.#actionPrefix}-${this.#actions}`;
  }

  /** The session behind `token`, of which `key` is the hash, as the service sees it now. */
  ask(token: Secret, key: string): Promise<Held | Ended> {
    this.follow();
    return this.calls.share(key, () => this.sessions.refresh(token));
  }

  /**
   * End a session for this process at once, and for everybody as soon as can be.
   *
   * Resolves once the service has heard of it.
   */
  end(held: Held, cause: EndCause): Promise<void> {
    // First, so that not one more request is served while the service is being told.
    this.cache.close(held.session.id, cause, held);
    return this.recorder.end(held.session.id, null, cause);
  }

  /** Use up what was allowed for exactly `write` in this session, if it was. */
  spend(held: Held, write: Write): Promise<Spent> {
    return this.calls.submit(() => this.gateway.spend(held.session.id, write));
  }

  /** Revoke all live sessions of an actor as soon as can be. */
  revokeOf(actorId: string): void {
    // For its closing as well: a process that is short-lived tells the service before its end.
    this.follow();
    this.recorder.revokeOf(actorId);
  }

  /** What the log shall say of a request; the recorder cleans it. */
  action(facts: Omit<RecordedAction, "at">): RecordedAction {
    return { ...facts, at: this.clock() };
  }

  /** Send what was recorded, and let go of the connections. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Keep what was recorded, without waiting for anything. */
  leave(): void {
    this.recorder.leave();
  }

  async #close(): Promise<void> {
    // The recorder first, while the gateway can still be reached; the follower's connection is
    // closed under it, as it would wait for the next beat otherwise.
    await this.recorder.close(CLOSING_SECONDS);
    // Not before: who ends the process meanwhile leaves behind what is not sent.
    needNotClose(this);
    AT_WORK.leaves(this.cache);
    this.calls.close();
    this.#undoing?.stop();
    this.#follower?.stop();
    this.gateway.close();
    await within(CLOSING_SECONDS, Promise.all([this.#following, this.#undone]));
    this.isClosed = true;
  }

  /** Take up what an earlier process left: what it was to end is over here at once. */
  #resume(): void {
    for (const sessionId of this.recorder.resume())
      this.cache.close(sessionId, EndCause.ENDED_BY_ACTOR);
  }
}
