import { OVERLAY } from "../src/cookies.ts";
import { carriedOut } from "../src/passage/waiting.ts";
import { Routes, type RoutesOptions } from "../src/routes.ts";
import { FakeGateway, type FakeSession } from "../src/testing/index.ts";
import { type Answer, type Headers, Visit } from "../src/visit.ts";

export const ORIGIN = "https://app.test";
export const PERSON: Headers = [
  ["accept", "text/html"],
  ["sec-fetch-dest", "document"],
];

/** How a visit differs from a plain one. */
export interface Visiting {
  readonly headers?: Headers;
  readonly query?: string;
  readonly session?: FakeSession;
  readonly origin?: string;
  readonly body?: Uint8Array | string;
}

/** An app's routes, and a browser that visits them. */
export class VisitedApp {
  readonly gateway = new FakeGateway();
  readonly understudy = this.gateway.understudy();
  readonly routes: Routes;

  constructor(options: RoutesOptions = {}) {
    this.routes = new Routes(this.understudy, { home: "/home", ...options });
  }

  /** The settled answer of an address of the SDK's own. */
  visit(method: string, name: string, visiting: Visiting = {}): Promise<Answer> {
    const { headers = [], query = "", session, origin = ORIGIN, body = "" } = visiting;
    const cookie = session === undefined ? [] : [["cookie", cookieOf(session)] as const];
    const visit = new Visit({
      method,
      origin,
      base: "",
      query,
      headers: [...headers, ...cookie],
      address: "192.0.2.7",
    });
    return carriedOut(this.routes.serving(visit, `${this.routes.prefix}/${name}`), {
      readBody: async (most) => Buffer.from(body as string).subarray(0, most),
    });
  }
}

export function cookieOf(session: FakeSession): string {
  return `${OVERLAY}=${session.token}`;
}

/** An answer's JSON. */
export function told(answer: Answer): Record<string, unknown> {
  return JSON.parse(text(answer));
}

/** An answer's body. */
export function text(answer: Answer): string {
  return Buffer.from(answer.body).toString();
}

/** All values of a header. */
export function allOf(answer: Answer, name: string): string[] {
  return answer.headers.filter(([key]) => key === name).map(([, value]) => value);
}
