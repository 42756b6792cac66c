/** The app's handle on Understudy: made once, given to the framework's adapter. */

import { createHmac, randomBytes } from "node:crypto";
import { secondsSinceBoot } from "./bootTime.ts";
import { currentImpersonation } from "./context.ts";
import { OVERLAY, setCookie, TOMBSTONE_SECONDS } from "./cookies.ts";
import { InvalidInput, Refused, SetupError } from "./core/errors.ts";
import { SessionOrigins } from "./core/sessionOrigins.ts";
import { requireId } from "./core/text.ts";
import type { Gateway } from "./gateway.ts";
import type { Client } from "./launch.ts";
import { Office } from "./office.ts";
import type { ReadOnlyPolicy } from "./readOnly.ts";
import { checkServiceUrl, RemoteGateway } from "./remote.ts";
import { Runtime } from "./runtime.ts";
import { Secret } from "./secret.ts";
import { MAX_ACTOR_ID } from "./staff.ts";
import { StateFiles } from "./stateFile.ts";
import { type TellUser, telling } from "./telling.ts";
import type { Revoke } from "./undoing.ts";
import type { ActiveSession, Opened, Wire } from "./values.ts";
import { refusalText } from "./wording.ts";

const WIRES: readonly Wire[] = ["native", "stytch", "clerk"];
const RANDOM_BYTES = 32;

/**
 * A session that the app's backend has begun; it needs its cookie in the actor's browser.
 *
 * `returnTo` is the path that was asked for at the start, if any.
 */
export class Started {
  readonly session: ActiveSession;
  readonly returnTo: string | null;
  readonly #setCookie: string;

  constructor(opened: Opened) {
    this.session = opened.session;
    this.returnTo = opened.returnTo;
    this.#setCookie = overlayCookie(opened);
  }

  /** The value of a `Set-Cookie` header; it holds the session token, so nothing prints it. */
  get setCookie(): string {
    return this.#setCookie;
  }
}

/** How to reach a service by HTTP. */
export interface RemoteOptions {
  /** Where this process reaches the service. */
  readonly url: string;
  readonly applicationId: string;
  readonly secret: string;
  /** Where browsers reach the service, if that differs. */
  readonly publicUrl?: string | null;
  /**
   * The application's registered redirect URL; without it, the callback at the origin under which
   * the app is visited.
   */
  readonly redirectUrl?: string | null;
  /** The application's setting of that name, such as `https://*.view.app.example`. */
  readonly sessionOrigins?: string | null;
  /** Judges what sessions of that scope may do; without it, safe methods. */
  readonly readOnly?: ReadOnlyPolicy | null;
  /**
   * A directory that only the app can read. What the service has not heard when the app stops
   * waits there for the next start: endings, and recorded actions.
   */
  readonly stateDir?: string | null;
}

export interface UnderstudyParts {
  readonly connect: () => Gateway;
  readonly client: Client;
  readonly clock?: () => Date;
  readonly monotonic?: () => number;
  readonly randomText?: () => string;
  readonly readOnly?: ReadOnlyPolicy | null;
  readonly stateDir?: string | null;
}

/** One application's link to Understudy. Each process, and each worker, connects on its own. */
export class Understudy {
  readonly client: Client;
  readonly clock: () => Date;
  readonly randomText: () => string;
  readonly #connect: () => Gateway;
  readonly #monotonic: () => number;
  readonly #readOnly: ReadOnlyPolicy | null;
  readonly #state: StateFiles | null;
  #runtime: Runtime | null = null;
  #revoke: Revoke | null = null;
  #tellUser: TellUser | null = null;

  constructor(parts: UnderstudyParts) {
    this.client = parts.client;
    this.clock = parts.clock ?? (() => new Date());
    this.randomText = parts.randomText ?? drawText;
    this.#connect = parts.connect;
    this.#monotonic = parts.monotonic ?? secondsSinceBoot;
    this.#readOnly = parts.readOnly ?? null;
    const { stateDir } = parts;
    this.#state = stateDir ? new StateFiles(stateDir, this.client.clientId) : null;
  }

  /**
   * Talk to a service by HTTP.
   *
   * @throws SetupError an URL, the id, the secret or the pattern is missing or malformed.
   */
  static remote(options: RemoteOptions): Understudy {
    const { applicationId, secret } = options;
    if (!applicationId || !secret) {
      throw new SetupError("Understudy.remote needs the application's id and its secret.");
    }
    const service = checkServiceUrl(options.url);
    return new Understudy({
      connect: () => new RemoteGateway(service, applicationId, new Secret(secret)),
      client: {
        issuer: options.publicUrl ? checkServiceUrl(options.publicUrl) : service,
        clientId: applicationId,
        key: launchKey(secret),
        redirectUrl: options.redirectUrl ?? null,
        sessionOrigins: readOrigins(options.sessionOrigins ?? null),
      },
      readOnly: options.readOnly ?? null,
      stateDir: options.stateDir ?? null,
    });
  }

  /** This very process's part; for adapters. */
  runtime(): Runtime {
    // A process that was about to end may be asked for more after all, as some hosts do.
    if (this.#runtime === null || this.#runtime.isClosed) this.#runtime = this.#newRuntime();
    return this.#runtime;
  }

  /**
   * Begin the session for which the app's backend got `impersonationToken`.
   *
   * `wire` is the protocol that the token was made for. Send the cookie to the browser of the actor
   * whom you named, and to nobody else.
   *
   * @throws TokenInvalid unknown, expired, used, or made for another wire.
   * @throws SetupError there is no such `wire`.
   * @throws Refused a rule says no; `nested` inside of an impersonated request.
   * @throws Unavailable the service cannot be reached; nothing has begun.
   * @throws OutcomeUnknown it did not answer; start once more, which ends what has begun.
   */
  async start(impersonationToken: string, options: { wire?: Wire } = {}): Promise<Started> {
    if (currentImpersonation() !== null) throw new Refused(refusalText("nested"), "nested");
    const runtime = this.runtime();
    const presented = {
      token: new Secret(impersonationToken),
      wire: knownWire(options.wire ?? "native"),
      codeVerifier: null,
      redirectUri: null,
      attempt: null,
    };
    runtime.follow();
    return new Started(await runtime.sessions.exchange(presented));
  }

  /**
   * Which routes this process has served in sessions without asking whom for, and how often.
   *
   * Pages that are the same for everybody may stand here. Where a page shows, or a call changes,
   * something of somebody's, it is the agent's: see that it asks `currentImpersonation()`.
   */
  servedUnasked(): ReadonlyMap<string, number> {
    return this.runtime().unasked.counts();
  }

  /**
   * What `work` makes of what the application may ask about itself, for its people at a terminal.
   *
   * @throws SetupError this is no link by HTTP.
   */
  async office<T>(work: (office: Office) => Promise<T>): Promise<T> {
    const link = this.#connect();
    if (!(link instanceof RemoteGateway)) {
      // Not closed, as it need not have been made just now.
      throw new SetupError("Only a link made by Understudy.remote can be asked.");
    }
    try {
      return await work(new Office(link));
    } finally {
      link.close();
    }
  }

  /**
   * Revoke all live sessions of an actor, whom the app has disabled, demoted or deleted.
   *
   * Say so once that is committed. It waits for nothing, and needs no service at that moment: it is
   * tried until the service knows, for two hours at most, and goes on in the next process if there
   * is a `stateDir`. A handful of calls serve however many are named in a moment. To hear what
   * became of it: `revokeOf` of `office`.
   *
   * @throws InvalidInput that is no actor's id.
   */
  revokeSessionsOf(actorId: string): void {
    requireId(actorId, "actorId");
    if (actorId.length === 0 || actorId.length > MAX_ACTOR_ID) {
      const facts = { field: "actorId" };
      throw new InvalidInput("An actor's id has 1 to 255 characters.", { facts });
    }
    this.runtime().revokeOf(actorId);
  }

  /**
   * Have `revoke` called for what `Impersonation.minted` has marked, once its session is over, however
   * it ended. Say so before the first session is served.
   *
   * It gets `kind` and `reference`, as nobody's request, and has succeeded when it returns, or its
   * promise is fulfilled. If it fails it is called again, after a minute at most, in this process or
   * the next one; it may be called for what is revoked already, so let that be no error.
   */
  onMinted(revoke: Revoke): void {
    this.#revoke = revoke;
  }

  /**
   * Call `tell` with each session that this app begins, for it to tell the user.
   *
   * It is called once a session has begun, as nobody's request, and only where the application's
   * settings say that users are told. How it fails is logged.
   */
  tellUsersBy(tell: TellUser): void {
    this.#tellUser = tell;
  }

  /** Take up what an earlier process could not tell the service, or has left to be revoked. */
  resume(): void {
    if (this.#state !== null || this.#revoke !== null) this.runtime().follow();
  }

  /** Send what was recorded and let go of everything; the next use begins anew. */
  async close(): Promise<void> {
    const runtime = this.#runtime;
    this.#runtime = null;
    await runtime?.close();
  }

  #newRuntime(): Runtime {
    return new Runtime({
      gateway: this.#connect(),
      clock: this.clock,
      monotonic: this.#monotonic,
      randomText: this.randomText,
      readOnly: this.#readOnly,
      state: this.#state,
      revoke: this.#revoke,
      begun: (opened) => {
        if (this.#tellUser !== null) telling(this.#tellUser, opened);
      },
    });
  }
}

/** The Set-Cookie value that puts a session over the app: the opaque token, nothing else. */
export function overlayCookie(opened: Opened): string {
  const maxAge = Math.trunc(opened.remaining) + TOMBSTONE_SECONDS;
  return setCookie(OVERLAY, opened.sessionToken.reveal(), { maxAge });
}

function drawText(): string {
  return randomBytes(RANDOM_BYTES).toString("base64url");
}

function readOrigins(pattern: string | null): SessionOrigins | null {
  try {
    return pattern === null ? null : SessionOrigins.parse(pattern);
  } catch (error) {
    throw error instanceof InvalidInput ? new SetupError(error.detail) : error;
  }
}

function knownWire(name: string): Wire {
  const wire = WIRES.find((known) => known === name);
  if (wire !== undefined) return wire;
  throw new SetupError(`A token's wire is one of ${WIRES.join(", ")}, and not ${name}.`);
}

function launchKey(secret: string): Secret {
  return new Secret(createHmac("sha256", secret).update("understudy launch cookies").digest("hex"));
}
