import type { Timer } from "./pace.ts";
import { type Ending, readState, type State } from "./state.ts";
import { Stream } from "./stream.ts";

/**
 * How news of the session reach the page: `asking` (by stream or by polling), `lost` (no answer for
 * a while), `away` (the app answers that the service cannot be reached, so it shows and takes
 * nothing), or `blocked` (the page's own policy forbids every connection, so nothing is tried).
 */
export type Link = "asking" | "lost" | "away" | "blocked";

export interface LiveOptions {
  readonly stateUrl: string;
  readonly eventsUrl: string;
  readonly stayUrl: string;
  readonly onState: (state: State) => void;
  readonly onEnded: (ending: Ending) => void;
  readonly onLink: (link: Link) => void;
}

/** Without a stream the state is asked this often; the stated bound of a poll. */
const POLL = 2_000;
/** With a stream, or in a hidden tab, asking only catches what the stream may have missed. */
const SLOW = 30_000;
const PATIENCE = 5_000;
/** So many failures in a row are told. */
const PATIENT = { lost: 3, away: 2 } as const;

/**
 * Asks the server about the session: by an event stream, beside it by polling, which is quick only
 * while this page has no open stream. A hidden page leaves the stream to the others; without any
 * stream in the app it asks nothing at all until somebody looks at it.
 */
export class Live {
  readonly #options: LiveOptions;
  readonly #abort: AbortController = new AbortController();
  readonly #stream: Stream;
  #asking = false;
  #failures = 0;
  #away = false;
  #blocked = false;
  #timer: Timer | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    // An open stream may have missed what came before it; after a broken one polling must carry on.
    this.#stream = new Stream(options.eventsUrl, () => void this.check(), options.onEnded);
  }

  start(): void {
    const { signal } = this.#abort;
    document.addEventListener("securitypolicyviolation", (event) => this.#onViolation(event), {
      signal,
    });
    document.addEventListener("visibilitychange", () => this.#resume(), { signal });
    // A page kept for the back button must not hold a connection, and may be old when it returns.
    window.addEventListener("pagehide", () => this.#pause(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#resume(), { signal });
    window.addEventListener("online", () => this.#resume(), { signal });
    this.#resume();
  }

  stop(): void {
    this.#abort.abort();
    this.#pause();
  }

  /** Asks for the state now, whatever the timer says. */
  async check(): Promise<void> {
    if (this.#asking || this.#blocked || this.#abort.signal.aborted) return;
    if (document.hidden && !this.#options.eventsUrl) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    const state = await ask(this.#options.stateUrl);
    this.#asking = false;
    if (this.#abort.signal.aborted || this.#blocked) return;
    this.#count(state);
    this.#schedule();
    if (state) this.#options.onState(state);
  }

  /** Says that the actor is at work; the answer is the state as it is with that. */
  async stay(): Promise<void> {
    const { signal } = this.#abort;
    if (this.#blocked || signal.aborted) return;
    const state = await ask(this.#options.stayUrl, "POST");
    if (signal.aborted) return;
    if (state) this.#options.onState(state);
    // Whoever types may lose it all: whether the service is away is found out now, not in 30 s.
    else void this.check();
  }

  #resume(): void {
    if (document.hidden || this.#blocked || !this.#options.eventsUrl) this.#stream.stop();
    else this.#stream.start();
    void this.check();
  }

  #pause(): void {
    this.#stream.stop();
    clearTimeout(this.#timer);
  }

  #count(answer: Answer): void {
    this.#failures = answer ? 0 : this.#failures + 1;
    this.#away = answer === false;
    const link = this.#away ? "away" : "lost";
    this.#options.onLink(this.#failures < PATIENT[link] ? "asking" : link);
  }

  #schedule(): void {
    // People wait for a service that is away; an app that is away is asked less and less.
    const quick = this.#away ? POLL : POLL * 2 ** Math.max(0, this.#failures - 1);
    // An open stream says nothing while the service behind the app is away.
    const calm = document.hidden || (this.#stream.open && this.#failures === 0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), calm ? SLOW : Math.min(SLOW, quick));
  }

  #onViolation(event: SecurityPolicyViolationEvent): void {
    const ours = event.blockedURI === this.#options.stateUrl;
    if (!ours || event.disposition !== "enforce") return;
    // A page's policy cannot be loosened: asking again would only fill the console.
    this.#blocked = true;
    this.#pause();
    this.#options.onLink("blocked");
  }
}

/** The state; false from an app that cannot reach the service, null where nobody says anything. */
type Answer = State | false | null;

async function ask(url: string, method = "GET"): Promise<Answer> {
  const askedAt = performance.now();
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: abort.signal,
    });
    // Of the app itself: a proxy says the same of an app that is away, and not in these words.
    if (answer.status === 503 && (await answer.json()).code === "unavailable") return false;
    return answer.ok ? readState(await answer.json(), askedAt) : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
