/** One impersonated request: the app is called under its passage, and its answer seen out. */

import { pin } from "../askedBy.ts";
import { type Present, within } from "../context.ts";
import { SessionOver, Unavailable } from "../core/errors.ts";
import type { RawHeaders } from "../headers.ts";
import type { Passage } from "../passage/passage.ts";
import { Reply } from "../passage/reply.ts";
import type { Scope } from "../scope.ts";
import type { Answer } from "../visit.ts";
import type { Arrival } from "./arrival.ts";
import { replaceHeaders } from "./incoming.ts";
import { Outgoing, type Passing } from "./outgoing.ts";
import { untilOver } from "./watch.ts";

/** How long the end of an answer may take that tells of a change, behind the end of its session. */
const GRACE_SECONDS = 1;
/** How long an app may take to say how it went when nobody waits for that any more. */
const LATE_SECONDS = 30;

/** Call `app`, and answer with what may go out of its answer. */
export async function serveImpersonated(
  passage: Passage,
  arrival: Arrival,
  scope: Scope,
  app: () => unknown,
): Promise<void> {
  const { request, response } = arrival;
  replaceHeaders(request, passage.crossing.toApp([...scope.headers]));
  pin(request, passage.pinned());
  arrival.overlay(passage);
  const answer = new ImpersonatedAnswer(passage, arrival);
  const outgoing = new Outgoing(response, answer);
  answer.cutter = () => outgoing.cut();
  response.once("close", () => answer.closed());
  try {
    await within(passage.present, async () => app());
  } catch (error) {
    const instead = answer.failed();
    // Whatever stands around us would answer as if it were the agent, for any cache to keep.
    if (!outgoing.hasBegun) outgoing.replace(instead);
    throw error;
  }
}

class ImpersonatedAnswer implements Passing {
  cutter: () => void = () => undefined;
  readonly #passage: Passage;
  readonly #arrival: Arrival;
  readonly #reply: Reply;
  readonly #stop = new AbortController();
  readonly #present: Present;
  #streams = false;
  #hasEnded = false;
  #hasClosed = false;

  constructor(passage: Passage, arrival: Arrival) {
    this.#passage = passage;
    this.#arrival = arrival;
    this.#reply = new Reply(passage);
    this.#present = passage.present;
  }

  get headers(): RawHeaders {
    return this.#reply.headers;
  }

  get waits(): boolean {
    return this.#reply.waits;
  }

  start(status: number, headers: RawHeaders): Answer | null {
    // The user is looked at only now: the app's own code has put it there on the way.
    const refusal = this.#reply.start(status, headers, this.#arrival.seen());
    if (refusal !== null) this.#ended();
    return refusal;
  }

  part(body: Uint8Array, more: boolean): Uint8Array | Answer | null {
    const reply = this.#reply;
    const over = this.#passage.isOver();
    if (over && !reply.outlives(body, { more })) {
      if (reply.refusal === null) reply.cut();
      this.#ended();
      return reply.refusal;
    }
    if (more && !this.#streams) this.#watch(over ? GRACE_SECONDS : 0);
    const sent = reply.part(body, { more });
    if (!more) this.#ended();
    return sent;
  }

  /** What goes out in place of an answer that the app has failed to give. */
  failed(): Answer {
    this.#stop.abort();
    const refusal = this.#reply.close({ route: this.#arrival.route(), failed: true });
    return refusal ?? this.#passage.failed();
  }

  /** The browser has the answer, or has gone. */
  closed(): void {
    this.#hasClosed = true;
    this.#stop.abort();
    if (this.#hasEnded || this.#reply.status !== null) this.#tell();
    // The app goes on with what it was asked for, and is to say how that went.
    else setTimeout(() => this.#tell(), LATE_SECONDS * 1000).unref();
    this.#overOnceDone();
  }

  #ended(): void {
    this.#hasEnded = true;
    this.#stop.abort();
    // In any case: a browser that goes takes nothing back that was done for it.
    this.#tell();
    this.#overOnceDone();
  }

  #tell(): void {
    this.#reply.close({ route: this.#arrival.route() });
  }

  #overOnceDone(): void {
    // Not when the browser goes: its actor could so take their name off what the app still does.
    if (this.#hasClosed && this.#hasEnded) this.#present.over = true;
  }

  #watch(graceSeconds: number): void {
    this.#streams = true;
    const { runtime, token, held } = this.#passage;
    const { signal } = this.#stop;
    const cut = async (): Promise<void> => {
      const ended = await untilOver({ runtime, token, held }, signal);
      if (graceSeconds > 0) await new Promise((done) => setTimeout(done, graceSeconds * 1000));
      if (signal.aborted) return;
      this.#reply.cutBy = ended === null ? Unavailable.code : SessionOver.code;
      this.#ended();
      this.cutter();
    };
    void cut();
  }
}
