import { OVERLAY } from "../../src/cookies.ts";
import { Crossings } from "../../src/crossing.ts";
import { Asked } from "../../src/guard.ts";
import { Identity } from "../../src/passage/identity.ts";
import { Passages } from "../../src/passage/opening.ts";
import { Passage } from "../../src/passage/passage.ts";
import { Request, type RequestFacts } from "../../src/passage/request.ts";
import { carriedOut, type Driver } from "../../src/passage/waiting.ts";
import { Routes } from "../../src/routes.ts";
import { Secret } from "../../src/secret.ts";
import { FakeGateway, type FakeSession } from "../../src/testing/index.ts";
import type { Understudy } from "../../src/understudy.ts";
import { Unrecorded } from "../../src/unrecorded.ts";

/** How a request differs from a plain one. */
export interface Requesting extends Partial<Omit<RequestFacts, "asked">> {
  readonly socket?: boolean;
}

/** An app that is guarded, with neither a server nor a framework. */
export class GuardedApp {
  readonly gateway = new FakeGateway();
  readonly understudy: Understudy;

  constructor({ sessionOrigins = "" }: { sessionOrigins?: string } = {}) {
    this.understudy = this.gateway.understudy(sessionOrigins ? { sessionOrigins } : {});
  }

  passages({ loads = true, unrecorded = new Unrecorded() } = {}): Passages {
    const { understudy } = this;
    return new Passages({
      understudy,
      routes: new Routes(understudy),
      identity: new Identity({ loads }),
      unrecorded,
      crossings: new Crossings(understudy.client),
    });
  }

  /** The session is in the cache, and may be served from it. */
  async know({ token }: FakeSession): Promise<void> {
    const runtime = this.understudy.runtime();
    runtime.pulse.connected();
    runtime.pulse.beat(runtime.monotonic());
    await runtime.sessions.refresh(new Secret(token));
  }

  /** The passage of a request that is let in. */
  async passage(request: Request, driver: Driver = {}): Promise<Passage> {
    const opening = this.passages({ loads: driver.loadUser !== undefined }).opening(request);
    const opened = await carriedOut(opening, driver);
    if (!(opened instanceof Passage)) throw new Error("the request is turned away");
    return opened;
  }
}

/** A request of `session`, from one of its pages. */
export function requested(
  session: FakeSession | null,
  { method = "GET", socket = false, ...facts }: Requesting = {},
): Request {
  const cookie = session === null ? "session=agent" : `${OVERLAY}=${session.token}`;
  const mark = session?.id ?? null;
  return new Request({
    asked: new Asked({ cookie, methods: [method], paths: ["/"], socket, mark }),
    method: socket ? "WEBSOCKET" : method,
    path: "/",
    base: "",
    origin: "https://app.example",
    headers: new Map(),
    address: null,
    ...facts,
  });
}
