import { type Ending, readEnding } from "./state.ts";

/**
 * The event stream of the session, for one page of the browser at a time. Over HTTP/1.1 a browser
 * has six connections for all pages of a host; a stream in each would leave none to the app.
 */
export class Stream {
  readonly #url: string;
  readonly #onChange: () => void;
  readonly #onEnded: (ending: Ending) => void;
  #turn: AbortController | null = null;
  #open = false;

  constructor(url: string, onChange: () => void, onEnded: (ending: Ending) => void) {
    this.#url = url;
    this.#onChange = onChange;
    this.#onEnded = onEnded;
  }

  /** Whether news come by the stream at present. */
  get open(): boolean {
    return this.#open;
  }

  /** Waits for this page's turn, then connects; a browser without locks never does. */
  start(): void {
    if (this.#turn !== null || !window.EventSource) return;
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const turn = (): Promise<void> => new Promise((done) => this.#connect(signal, done));
    // Rejected only when the turn is given up while waiting, which is no failure.
    navigator.locks?.request("understudy-stream", { signal }, turn).catch(() => {});
  }

  /** Gives the connection and the turn to another page. */
  stop(): void {
    this.#turn?.abort();
    this.#turn = null;
    this.#open = false;
  }

  #connect(signal: AbortSignal, done: () => void): void {
    const source = new EventSource(this.#url);
    const change = (open: boolean): void => {
      this.#open = open;
      this.#onChange();
    };
    source.addEventListener("open", () => change(true));
    source.addEventListener("error", () => change(false));
    source.addEventListener("ended", (event) => this.#onEnded(readEnding(event.data)));
    signal.addEventListener("abort", () => {
      source.close();
      done();
    });
  }
}
