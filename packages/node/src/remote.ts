/** The gateway to a service elsewhere, over its native HTTP API. */

import type { Ask, Granted } from "./asks.ts";
import { type Answered, type Call, CallFailed, Connections } from "./connections.ts";
import { isLoopback } from "./core/addresses.ts";
import {
  InvalidInput,
  NotFound,
  OutcomeUnknown,
  SetupError,
  Unavailable,
  type UnderstudyError,
} from "./core/errors.ts";
import { EndCause } from "./core/sessions.ts";
import type { Write } from "./core/unlocks.ts";
import { readNews } from "./eventStream.ts";
import type { Gateway } from "./gateway.ts";
import { Office } from "./office.ts";
import { errorFrom, mayBeDone } from "./problems.ts";
import type { Secret } from "./secret.ts";
import type { AskedFor, Spent } from "./unlock/values.ts";
import { printWrite, readAskedFor, readSpent } from "./unlock/wire.ts";
import { LOOKS, pathOf, SAYS_MORE, type Told, type UserSays } from "./userSays.ts";
import type { Minted, News, Opened, Presented, RecordedAction } from "./values.ts";
import {
  type HeldBlocks,
  print,
  printActions,
  printAsk,
  printPresented,
  readGranted,
  readHeld,
  readLogged,
  readMinted,
  readTold,
} from "./wire.ts";

export const REFRESH_SECONDS = 1;
const RECORD_SECONDS = 2;
const EXCHANGE_SECONDS = 5;
/** A stream that should beat each second is given up after so long without a byte. */
const SILENCE_SECONDS = 4;
const API = "/api/v1";
/** By this the service is told which list of blocked actions is here already. */
const HOLDS = "Understudy-Holds";
const SERVICE_URL = /^https?:\/\/[!-[\]-~]+$/i;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly seconds: number;
  readonly body?: Buffer;
  readonly fresh?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One application's connections to a service. `url` may end in a path prefix.
 *
 * @throws SetupError `url` is not an address of a web service.
 */
export class RemoteGateway implements Gateway {
  readonly #url: string;
  readonly #applicationId: string;
  readonly #secret: Secret;
  readonly #connections: Connections;
  #blocks: HeldBlocks | null = null;

  constructor(url: string, applicationId: string, secret: Secret) {
    this.#url = checkServiceUrl(url);
    this.#applicationId = applicationId;
    this.#secret = secret;
    this.#connections = new Connections(new URL(url).protocol === "https:");
  }

  /**
   * See `Gateway.request`; never sent twice, as each time makes a grant of its own.
   *
   * @throws OutcomeUnknown there may be a grant, whose token nobody got.
   */
  async request(ask: Ask): Promise<Granted> {
    return readGranted(await this.#once("/impersonations", printAsk(ask)));
  }

  /**
   * See `Gateway.exchange`; never sent twice from here, as only callers know what for.
   *
   * @throws OutcomeUnknown the token may be used up: no answer came, or none of the service.
   */
  async exchange(presented: Presented): Promise<Opened> {
    const body = printPresented(presented);
    return await this.#opened((headers) => this.#once("/impersonations/exchange", body, headers));
  }

  /** See `Gateway.refresh`. */
  async refresh(sessionToken: Secret): Promise<Opened> {
    const body = print({ session_token: sessionToken.reveal() });
    return await this.#opened((headers) =>
      this.#post("/sessions/refresh", body, REFRESH_SECONDS, headers),
    );
  }

  /** See `Gateway.end`. */
  async end(sessionId: string, cause: EndCause): Promise<boolean> {
    try {
      return await this.#end(sessionId, cause);
    } catch (error) {
      if (error instanceof NotFound) return true;
      if (!(error instanceof InvalidInput) || cause === EndCause.ENDED_BY_ACTOR) throw error;
      // A service of before knows fewer causes: better over for another one than not over.
      return await this.#end(sessionId, EndCause.ENDED_BY_ACTOR);
    }
  }

  /** See `Gateway.sessionsOf`. */
  async sessionsOf(actorIds: ReadonlySet<string>): Promise<readonly string[]> {
    return await new Office(this).sessionsOf(...actorIds);
  }

  /** See `Gateway.record`. */
  async record(sessionId: string, actions: readonly RecordedAction[], key: string): Promise<void> {
    const path = `/sessions/${encodeURIComponent(sessionId)}/actions`;
    const headers = { "Idempotency-Key": key };
    await this.#post(path, printActions(actions), RECORD_SECONDS, headers);
  }

  /** See `Gateway.minted`. */
  async minted(): Promise<readonly Minted[]> {
    try {
      return readMinted(await this.ask("GET", "/minted"));
    } catch (error) {
      if (error instanceof NotFound) return [];
      throw error;
    }
  }

  /** See `Gateway.askUnlock`; asked twice it is one. */
  async askUnlock(sessionId: string, write: Write, reason: string): Promise<AskedFor> {
    const body = print({ write: printWrite(write), reason });
    return readAskedFor(await this.#post(unlocksOf(sessionId), body, EXCHANGE_SECONDS));
  }

  /** See `Gateway.spend`. */
  async spend(sessionId: string, write: Write): Promise<Spent> {
    const body = print({ write: printWrite(write) });
    return readSpent(await this.#once(`${unlocksOf(sessionId)}/spend`, body));
  }

  /**
   * See `Gateway.tell`; never sent twice.
   *
   * @throws OutcomeUnknown it may be done: no answer came, or none of the service.
   */
  async tell(said: UserSays): Promise<Told> {
    const path = pathOf(said);
    if (LOOKS.has(said.deed)) return readTold(await this.ask("GET", path));
    if (!SAYS_MORE.has(said.deed)) return readTold(await this.ask("POST", path));
    return readTold(await this.#once(path, print(said.facts)));
  }

  /** See `Gateway.follow`. */
  async *follow(lastEventId: string | null): AsyncGenerator<News> {
    const call = this.#call({
      method: "GET",
      path: "/events/stream",
      seconds: SILENCE_SECONDS,
      fresh: true,
      headers: {
        Accept: "text/event-stream",
        "Cache-Control": "no-store",
        ...(lastEventId !== null && { "Last-Event-ID": lastEventId }),
      },
    });
    try {
      yield* readNews(this.#connections.stream(call, refuse));
    } catch (error) {
      throw error instanceof CallFailed ? unreachable(error) : error;
    }
  }

  /**
   * The answer to any other call of the native API, such as those of `office.ts`.
   *
   * @throws UnderstudyError the service refuses, or cannot be reached.
   */
  async ask(method: string, path: string): Promise<Buffer> {
    const call = this.#call({ method, path, seconds: EXCHANGE_SECONDS, fresh: true });
    const answer = await this.#answered(call, (error) =>
      error.sent ? unanswered(error) : unreachable(error),
    );
    return isSuccess(answer) ? answer.body : refuse(answer);
  }

  /** See `Gateway.close`. */
  close(): void {
    this.#connections.close();
  }

  async #end(sessionId: string, cause: EndCause): Promise<boolean> {
    // A call of its own: the other one is for the session's actor.
    if (cause === EndCause.REVOKED) return (await new Office(this).revoke(sessionId)).logged;
    const path = `/sessions/${encodeURIComponent(sessionId)}/end`;
    return readLogged(await this.#post(path, print({ cause }), REFRESH_SECONDS));
  }

  async #opened(
    send: (headers: Readonly<Record<string, string>>) => Promise<Buffer>,
  ): Promise<Opened> {
    // By what was said with this very call: others may bring another list meanwhile.
    const held = this.#blocks;
    const { opened, blocks } = readHeld(await send(held ? { [HOLDS]: held.digest } : {}), held);
    this.#blocks = blocks;
    return opened;
  }

  /** For what must not be done twice: a connection of its own, and the truth when it breaks. */
  async #once(
    path: string,
    body: Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Buffer> {
    const sent = { ...POST, path, body, seconds: EXCHANGE_SECONDS, fresh: true, headers };
    const call = this.#call(sent);
    const answer = await this.#answered(call, (error) =>
      error.sent ? unanswered(error) : unreachable(error),
    );
    if (isSuccess(answer)) return answer.body;
    const refusal = errorFrom(answer.status, answer.body);
    if (!mayBeDone(answer.status, answer.body)) throw refusal;
    throw new OutcomeUnknown(null, { internal: refusal.internal, facts: refusal.facts });
  }

  /** For what may be sent again: repeats are harmless. */
  async #post(
    path: string,
    body: Buffer,
    seconds: number,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Buffer> {
    const call = this.#call({ ...POST, path, body, seconds, headers });
    const answer = await this.#answered(call, unreachable);
    return isSuccess(answer) ? answer.body : refuse(answer);
  }

  async #answered(call: Call, failed: (error: CallFailed) => UnderstudyError): Promise<Answered> {
    try {
      return await this.#connections.send(call);
    } catch (error) {
      throw error instanceof CallFailed ? failed(error) : error;
    }
  }

  #call({ method, path, seconds, body, fresh = false, headers = {} }: Sent): Call {
    const credentials = Buffer.from(`${this.#applicationId}:${this.#secret.reveal()}`);
    const sent = {
      Accept: "application/json",
      "User-Agent": "understudy-sdk",
      Authorization: `Basic ${credentials.toString("base64")}`,
      ...(body && { "Content-Type": "application/json" }),
      ...headers,
    };
    const url = `${this.#url}${API}${path}`;
    return { method, url, headers: sent, seconds, fresh, ...(body && { body }) };
  }
}

const POST = { method: "POST" } as const;

/**
 * `url` without its trailing slash; warns of a secret that would travel in the clear.
 *
 * @throws SetupError not an absolute http(s) URL, or with user, query or fragment.
 */
export function checkServiceUrl(url: string): string {
  if (!SERVICE_URL.test(url) || !URL.canParse(url)) {
    throw new SetupError(`The service's URL begins with https:// and a host: ${url}`);
  }
  const { protocol, hostname, username, password } = new URL(url);
  if (/[?#]/.test(url) || username !== "" || password !== "") {
    throw new SetupError("The service's URL has no user, query or fragment.");
  }
  if (protocol === "http:" && !isLoopback(hostname)) {
    const warning = `The application's secret travels unencrypted to ${hostname}.`;
    process.emitWarning(warning, "SecurityWarning");
  }
  return url.replace(/\/+$/, "");
}

function unlocksOf(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}/unlocks`;
}

function isSuccess({ status }: Answered): boolean {
  return status >= 200 && status < 300;
}

function refuse(answer: Answered): never {
  throw errorFrom(answer.status, answer.body);
}

function unreachable(error: CallFailed): Unavailable {
  return new Unavailable(null, { internal: `the service was not reached: ${error.code}` });
}

function unanswered(error: CallFailed): Unavailable {
  return new OutcomeUnknown(null, { internal: `the service did not answer: ${error.code}` });
}
