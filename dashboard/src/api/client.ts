import createClient, { type Middleware } from "openapi-fetch";
import { BASE } from "./base";
import { learnServerTime } from "./clock";
import { problemFrom, Unreachable } from "./problem";
import type { paths } from "./schema";

const clock: Middleware = {
  onResponse({ response }) {
    learnServerTime(response.headers.get("date"));
  },
};

const PATIENCE = 20_000;

export const client = createClient<paths>({
  baseUrl: BASE.href.replace(/\/$/, ""),
  credentials: "same-origin",
  headers: { Accept: "application/json" },
  fetch: (request) => fetch(request, { signal: patience(request) }),
});
client.use(clock);

/** A read that hangs is as good as unanswered; what changes something is waited for. */
function patience(request: Request): AbortSignal {
  if (request.method !== "GET") return request.signal;
  return AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]);
}

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * What the service answered.
 *
 * @throws {ApiProblem} when it refused
 * @throws {Unreachable} when it did not answer
 */
export async function answer<Data>(call: Promise<Result<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await reached(call);
  if (!response.ok || data === undefined || data === null) {
    throw problemFrom(response.status, error);
  }
  return data;
}

/** The same for calls that answer nothing. */
export async function done(call: Promise<Result<unknown>>): Promise<void> {
  const { error, response } = await reached(call);
  if (!response.ok) throw problemFrom(response.status, error);
}

/** The header under which a creating call may be sent twice and happens once. */
export function once(): { "Idempotency-Key": string } {
  return { "Idempotency-Key": crypto.randomUUID() };
}

async function reached<Data>(call: Promise<Result<Data>>): Promise<Result<Data>> {
  try {
    return await call;
  } catch (cause) {
    throw new Unreachable(cause);
  }
}
