import { changes } from "./address.ts";
import type { Identity } from "./identity.ts";
import { type Call, wrapCall, wrapClass } from "./wrapping.ts";

const HEADER = "Understudy-Page";

/** Marks what `fetch` sends, and lets a page of somebody else's send nothing. */
export function guardFetch(identity: Identity): void {
  const requests = new Requests();
  wrapCall(window, "fetch", (native, self, args) => {
    const [input, init] = args as [unknown, RequestInit | undefined];
    const request = requests.read(input);
    const address = request?.url ?? input;
    if (identity.withholds(address)) return Promise.reject(new TypeError("Failed to fetch"));
    const method = init?.method ?? request?.method ?? "GET";
    const marked = changes(method) ? identity.marked(address) : null;
    if (marked === null) return Reflect.apply(native, self, args);
    const send = (to: unknown, how: unknown[]) => Reflect.apply(native, self, [to, ...how]);
    if (request === null) return send(marked, args.slice(1));
    return resend(requests, request, init, marked, identity.page, (made) => send(made, []));
  });
}

/**
 * A request that was made beforehand, to its address with the mark. Its body cannot be handed over
 * (a stream goes by HTTP/2 only), so it is read; what must not wait for that has the mark in a
 * header, which only a redirect to another origin minds.
 */
async function resend(
  requests: Requests,
  given: Request,
  init: RequestInit | undefined,
  marked: string,
  page: string,
  send: (request: Request) => unknown,
): Promise<unknown> {
  const streaming = requests.isStreaming(given, init);
  const whole = requests.make(given, init);
  if (whole.body === null) return send(requests.make(marked, { ...init, ...copied(whole) }));
  if (streaming || whole.keepalive) {
    whole.headers.set(HEADER, page);
    return send(whole);
  }
  const body = await whole.arrayBuffer();
  return send(requests.make(marked, { ...init, ...copied(whole), body }));
}

function copied(request: Request): RequestInit {
  const { method, headers, mode, credentials, cache, redirect } = request;
  const { referrer, referrerPolicy, integrity, keepalive, signal } = request;
  const how = { method, headers, mode, credentials, cache, redirect };
  return { ...how, referrer, referrerPolicy, integrity, keepalive, signal };
}

/** The platform's own requests, and which of them send while their body is still being made. */
class Requests {
  readonly #native: typeof Request = Request;
  readonly #url: Call | undefined = Reflect.getOwnPropertyDescriptor(Request.prototype, "url")
    ?.get as Call | undefined;
  readonly #streaming: WeakSet<Request> = new WeakSet();

  constructor() {
    wrapClass("Request", (native, args, to) => {
      const [input, init] = args as [RequestInfo, RequestInit | undefined];
      const streaming = this.isStreaming(input, init);
      const made = Reflect.construct(native, args, to) as Request;
      if (streaming) this.#streaming.add(made);
      return made;
    });
  }

  make(input: RequestInfo, init?: RequestInit): Request {
    return new this.#native(input, init);
  }

  /** A request, of any frame's, or null: everything else is an address. */
  read(input: unknown): Request | null {
    try {
      if (this.#url) Reflect.apply(this.#url, input, []);
      return input as Request;
    } catch {
      return null;
    }
  }

  isStreaming(input: unknown, init?: RequestInit): boolean {
    const body = init?.body ?? null;
    return body === null ? this.#streaming.has(input as Request) : body instanceof ReadableStream;
  }
}
