/**
 * The app's answer on its way to the browser, taken in hand where node:http sends it.
 *
 * Below every framework, and below what wraps the response within the app: whatever sets a header
 * at the last moment, as sessions do, has done so when the head of the answer comes by here.
 */

import type { ServerResponse } from "node:http";
import type { RawHeaders } from "../headers.ts";
import { Answer } from "../visit.ts";
import { bytesOf, callbackIn, headersSent, putHeaders, takeHeaders, tell } from "./response.ts";
import {
  type Done,
  lengthTold,
  mergeHeaders,
  type Named,
  NOTHING,
  type Own,
  ownOf,
  tellsNoLength,
} from "./sending.ts";

/** What becomes of an answer. */
export interface Passing {
  /** Once `waits` is false they go out. */
  readonly headers: RawHeaders;
  /** Whether the head, and what `part` gave, is held back. */
  readonly waits: boolean;
  /** Begin; what goes out in place of the app's answer, if anything. */
  start(status: number, headers: RawHeaders): Answer | null;
  /** What goes out of a part, or in place of all; null where the connection ends here. */
  part(body: Uint8Array, more: boolean): Uint8Array | Answer | null;
}

/** `open` until the app has decided on the head, `held` until it goes out, `over` behind our own. */
type State = "open" | "held" | "passing" | "over";

/** Stands between the app and the server for one response. */
export class Outgoing {
  readonly #response: ServerResponse;
  readonly #passing: Passing;
  readonly #own: Own;
  #state: State = "open";
  #status = 200;
  /** How long a body is that comes in one piece, which Node would tell as well. */
  #whole: number | null = null;

  constructor(response: ServerResponse, passing: Passing) {
    this.#response = response;
    this.#passing = passing;
    this.#own = ownOf(response);
    this.#stand();
  }

  /** Whether the app has decided on an answer. */
  get hasBegun(): boolean {
    return this.#state !== "open";
  }

  /** Send `answer` in place of the app's, of which nothing has gone out. */
  replace(answer: Answer): void {
    this.#state = "over";
    const response = this.#response;
    putHeaders(response, answer.allHeaders(), this.#own);
    response.statusMessage = "";
    this.#own.writeHead(answer.status);
    const isHead = response.req.method === "HEAD";
    this.#own.end(isHead ? NOTHING : answer.body, undefined);
  }

  /** End the connection where the answer stands: nobody takes that for its end. */
  cut(): void {
    this.#state = "over";
    this.#response.destroy();
  }

  #stand(): void {
    const response = this.#response;
    const { setHeader, appendHeader, removeHeader } = response;
    Object.assign(response, {
      writeHead: (status: number, ...rest: unknown[]) => this.#writeHead(status, rest),
      write: (...given: unknown[]) => this.#write(given),
      end: (...given: unknown[]) => this.#end(given),
      flushHeaders: () => this.#flushHeaders(),
      setHeader: this.#unlessHeld(setHeader),
      appendHeader: this.#unlessHeld(appendHeader),
      removeHeader: this.#unlessHeld(removeHeader),
    });
    Object.defineProperty(response, "headersSent", {
      configurable: true,
      get: () => this.#state !== "open",
    });
  }

  #writeHead(status: number, rest: unknown[]): ServerResponse {
    const response = this.#response;
    // Early words, which say nothing of the answer.
    if (status < 200 && status !== 101) {
      this.#own.writeHead(status);
      return response;
    }
    const [reason] = rest;
    // Who looks for Node's own word that a head is sent, as compression does, finds none while it
    // is held, and has it decided once more.
    if (this.#state === "held" && reason === undefined) return response;
    if (this.#state !== "open") throw headersSent("write");
    if (typeof reason === "string") response.statusMessage = reason;
    mergeHeaders(response, (typeof reason === "string" ? rest[1] : reason) as Named | undefined);
    this.#begin(status);
    return response;
  }

  #begin(status: number): void {
    this.#status = status;
    const told = takeHeaders(this.#response);
    this.#whole = lengthTold(this.#response) ?? this.#whole;
    const isWhole = this.#whole !== null && tellsNoLength(told) && this.#hasBody(status);
    const length: RawHeaders = isWhole ? [["Content-Length", String(this.#whole)]] : [];
    const instead = this.#passing.start(status, [...told, ...length]);
    this.#state = "held";
    if (instead !== null) this.replace(instead);
    else this.#release();
  }

  #release(): void {
    if (this.#state !== "held" || this.#passing.waits) return;
    this.#state = "passing";
    putHeaders(this.#response, this.#passing.headers, this.#own);
    this.#own.writeHead(this.#status);
  }

  #write(given: unknown[]): boolean {
    const done = callbackIn(given);
    const body = bytesOf(given[0], given[1]);
    this.#decide();
    return this.#pass(body, true, done);
  }

  #end(given: unknown[]): ServerResponse {
    const response = this.#response;
    const done = callbackIn(given);
    const body = given[0] == null ? new Uint8Array() : bytesOf(given[0], given[1]);
    if (response.writableEnded && this.#state !== "over") {
      this.#own.end(NOTHING, done);
      return response;
    }
    if (this.#state === "open") this.#whole = body.length;
    this.#decide();
    this.#pass(body, false, done);
    return response;
  }

  #flushHeaders(): void {
    this.#decide();
    if (this.#state === "passing") this.#own.flushHeaders();
  }

  /** The head, where the app has not sent it: by whatever stands around us, as in Node itself. */
  #decide(): void {
    if (this.#state === "open") this.#response.writeHead(this.#response.statusCode);
  }

  #pass(body: Uint8Array, more: boolean, done: Done): boolean {
    const sent = this.#state === "over" ? null : this.#passing.part(body, more);
    if (sent instanceof Answer) this.replace(sent);
    else if (sent === null && this.#state !== "over") this.cut();
    if (sent === null || sent instanceof Answer) return tell(done);
    this.#release();
    if (!more) this.#own.end(sent, done);
    else if (sent.length > 0) return this.#own.write(sent, done);
    return more ? tell(done) : true;
  }

  #hasBody(status: number): boolean {
    return this.#response.req.method !== "HEAD" && status >= 200 && ![204, 304].includes(status);
  }

  /** As Node has it behind the head, which the app takes for sent. */
  #unlessHeld<A extends unknown[], R>(change: (...given: A) => R): (...given: A) => R {
    return (...given) => {
      if (this.#state === "held") throw headersSent("set");
      return change.apply(this.#response, given);
    };
  }
}
