import { vi } from "vitest";

/** A stream in the test's hands: it opens, fails and speaks only when told. */
export class FakeEventSource extends EventTarget {
  static readonly made: FakeEventSource[] = [];
  readonly url: string;
  closed = false;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.made.push(this);
  }

  static get latest(): FakeEventSource {
    const last = FakeEventSource.made.at(-1);
    if (last === undefined) throw new Error("no stream was opened");
    return last;
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.dispatchEvent(new Event("open"));
  }

  fail(): void {
    this.dispatchEvent(new Event("error"));
  }

  ended(data: string): void {
    this.dispatchEvent(new MessageEvent("ended", { data }));
  }
}

/** `navigator.locks` of one browser: whoever asks for a lock waits until the one before is done. */
export class FakeLocks {
  #last: Promise<void> = Promise.resolve();

  request(
    _name: string,
    { signal }: { signal: AbortSignal },
    run: () => Promise<void>,
  ): Promise<void> {
    const turn = this.#last.then(() => (signal.aborted ? Promise.reject(signal.reason) : run()));
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** Answers every `fetch` with this body; the spy it returns tells how often it was asked. */
export function answerWith(body: unknown, ok = true): ReturnType<typeof vi.fn> {
  return stubFetch(() => Promise.resolve({ ok, json: () => Promise.resolve(body) }));
}

/** The app answers that it cannot reach the service, as its SDK words it. */
export function answerAway(): ReturnType<typeof vi.fn> {
  const body = { status: 503, code: "unavailable", detail: "Understudy cannot be reached." };
  return stubFetch(() =>
    Promise.resolve({ ok: false, status: 503, json: () => Promise.resolve(body) }),
  );
}

/** Every `fetch` fails, as it does without a network. */
export function answerNothing(): ReturnType<typeof vi.fn> {
  return stubFetch(() => Promise.reject(new TypeError("Failed to fetch")));
}

function stubFetch(answer: () => Promise<unknown>): ReturnType<typeof vi.fn> {
  const spy = vi.fn(answer);
  vi.stubGlobal("fetch", spy);
  return spy;
}

/** The stream that was opened last, once this page had its turn. */
export async function stream(): Promise<FakeEventSource> {
  await pass(0);
  return FakeEventSource.latest;
}

/** Lets so many milliseconds pass, and the promises in them. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** The browser reports that the page's policy has blocked something. */
export function violate(directive: string, blockedURI: string, disposition = "enforce"): void {
  const event = new Event("securitypolicyviolation");
  document.dispatchEvent(
    Object.assign(event, { effectiveDirective: directive, blockedURI, disposition }),
  );
}

/** The page goes to the background, or comes back. */
export function setHidden(hidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}
