/**
 * Calls of one web service, each within its time and its size.
 *
 * By `node:http` and not by `fetch`: frameworks and tools put their own in its place, which keep
 * answers or follow redirects; and it can neither open a connection for one call alone, nor say
 * whether anything was sent before a call failed.
 */

import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request } from "node:http";
import {
  request as requestSecurely,
  Agent as SecureAgent,
  type RequestOptions as SecureOptions,
} from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { nameOf } from "./logging.ts";

const CONNECT_SECONDS = 1;
/** Bytes of an answer beyond which it is not read. */
export const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_CONNECTIONS = 16;
const MAX_KEPT = 8;
const KEEP_ALIVE_SECONDS = 3; // below the 5 s after which uvicorn closes idle connections

/** What is sent; `fresh` opens a connection for it alone. */
export interface Call {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  seconds: number;
  fresh: boolean;
}

export interface Answered {
  status: number;
  body: Buffer;
}

/** No answer came. `sent` unless it is certain that the other side has heard nothing. */
export class CallFailed extends Error {
  readonly sent: boolean;
  readonly code: string;

  constructor(code: string, sent: boolean) {
    super(code);
    this.name = "CallFailed";
    this.code = code;
    this.sent = sent;
  }
}

/** The connections of one link: a few are kept for calls that may safely be sent twice. */
export class Connections {
  readonly #pool: PlainAgent;
  readonly #underWay = new Set<ClientRequest>();
  readonly #begin: typeof request;

  constructor(secure: boolean) {
    const options = {
      keepAlive: true,
      maxSockets: MAX_CONNECTIONS,
      maxFreeSockets: MAX_KEPT,
      timeout: KEEP_ALIVE_SECONDS * 1_000,
    };
    this.#begin = secure ? requestSecurely : request;
    this.#pool = secure ? new SecureAgent(options) : new PlainAgent(options);
  }

  /**
   * The whole answer; redirects are answers like any other.
   *
   * @throws CallFailed none came, or not within the call's time, or it is too large.
   */
  async send(call: Call): Promise<Answered> {
    const until = performance.now() + call.seconds * 1_000;
    const sending = this.#start(call, until);
    try {
      const answer = await sending.head();
      return { status: answer.statusCode ?? 0, body: await read(answer, sending) };
    } catch (error) {
      // A kept connection may turn out to be closed only after something was sent on it.
      if (!sending.lostKeptConnection || performance.now() >= until) throw error;
      return await this.send({
        ...call,
        fresh: true,
        seconds: (until - performance.now()) / 1_000,
      });
    } finally {
      sending.done();
    }
  }

  /**
   * An answer that goes on, part by part. It keeps no process alive.
   *
   * @param answered is told status and body of an answer other than 200, and throws what it means.
   * @throws CallFailed the stream breaks, or is silent for the call's time.
   */
  async *stream(call: Call, answered: (answer: Answered) => never): AsyncGenerator<Buffer> {
    const sending = this.#start(call, performance.now() + call.seconds * 1_000);
    try {
      const answer = await sending.head();
      if (answer.statusCode !== 200) {
        answered({ status: answer.statusCode ?? 0, body: await read(answer, sending) });
      }
      sending.keepsNobodyUp();
      for await (const part of sending.parts(answer)) {
        sending.limit(performance.now() + call.seconds * 1_000);
        yield part;
      }
    } finally {
      sending.done();
    }
  }

  /** Let go of all connections; calls under way fail. */
  close(): void {
    for (const one of this.#underWay) one.destroy();
    this.#pool.destroy();
  }

  #start(call: Call, until: number): Sending {
    const options: SecureOptions = {
      method: call.method,
      headers: { ...call.headers, ...(call.body && { "Content-Length": call.body.length }) },
      agent: call.fresh ? false : this.#pool,
      // Whatever the environment says: the application's secret goes over it.
      rejectUnauthorized: true,
    };
    const sent = this.#begin(call.url, options);
    this.#underWay.add(sent);
    sent.once("close", () => this.#underWay.delete(sent));
    const sending = new Sending(sent, until);
    sent.end(call.body);
    return sending;
  }
}

/** One call under way, which is given up at its time whatever the other side does. */
class Sending {
  readonly #request: ClientRequest;
  readonly #head: Promise<IncomingMessage>;
  #answer: IncomingMessage | null = null;
  #socket: Socket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #connecting: NodeJS.Timeout | undefined;
  #isConnected = false;
  #isInBackground = false;
  #gaveUp: string | null = null;

  constructor(sent: ClientRequest, until: number) {
    this.#request = sent;
    this.#head = new Promise((resolve, reject) => {
      sent.once("response", (answer) => {
        this.#answer = answer;
        resolve(answer);
      });
      sent.on("error", (error) => reject(this.#failure(error)));
      sent.once("close", () => reject(this.#failure(null)));
    });
    sent.once("socket", (socket) => this.#watch(socket));
    this.limit(until);
  }

  /** The head of the answer. */
  head(): Promise<IncomingMessage> {
    return this.#head;
  }

  /** The body of the answer, part by part. */
  async *parts(answer: IncomingMessage): AsyncGenerator<Buffer> {
    try {
      for await (const part of answer) yield part as Buffer;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Whether the other side closed a connection that was kept, before it said anything. */
  get lostKeptConnection(): boolean {
    return this.#request.reusedSocket && this.#answer === null && this.#gaveUp === null;
  }

  /** Give up at `until`, by Node's counter in milliseconds. */
  limit(until: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(), Math.max(0, until - performance.now()));
    if (this.#isInBackground) this.#timer.unref();
  }

  /** The process may end while this goes on. */
  keepsNobodyUp(): void {
    this.#isInBackground = true;
    this.#socket?.unref();
    this.#timer?.unref();
  }

  /** Nothing more is wanted of it. */
  done(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#connecting);
    // A connection whose answer was read goes back to those that are kept.
    if (!this.#answer?.complete) this.#request.destroy();
  }

  #watch(socket: Socket): void {
    this.#socket = socket;
    if (!socket.connecting) {
      this.#isConnected = true;
      return;
    }
    this.#connecting = setTimeout(() => this.#giveUp(), CONNECT_SECONDS * 1_000);
    // Before its handshake is done, nothing of the call goes over a secure connection.
    socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", () => {
      this.#isConnected = true;
      clearTimeout(this.#connecting);
    });
  }

  #giveUp(): void {
    this.#gaveUp = "ETIMEDOUT";
    this.#request.destroy(this.#failure(null));
  }

  #failure(error: unknown): CallFailed {
    const code = this.#gaveUp ?? (error === null ? "ECONNRESET" : nameOf(error));
    return new CallFailed(code, this.#isConnected);
  }
}

async function read(answer: IncomingMessage, sending: Sending): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of sending.parts(answer)) {
    size += part.length;
    if (size > MAX_ANSWER) throw new CallFailed("EMSGSIZE", true);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
