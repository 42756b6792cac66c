import { vi } from "vitest";

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Answer = unknown | ((call: Call) => unknown);

/** What a refusal looks like on the wire. */
export function problem(status: number, facts: Record<string, unknown>): Response {
  const body = {
    type: "about:blank",
    title: "",
    status,
    detail: "",
    request_id: "req_1",
    ...facts,
  };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

export function page(...items: unknown[]): { items: unknown[]; next_cursor: null } {
  return { items, next_cursor: null };
}

/**
 * Stands in for the service: answers by method and path, and keeps what it was asked. A path that
 * it does not know is a fault of the test.
 */
export function service(answers: Record<string, Answer>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const call: Call = {
      method: request.method,
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const name = `${call.method} ${pathname.replace(/^\/api\/v1/, "")}`;
    if (!(name in answers)) throw new Error(`The test's service does not know ${name}.`);
    const answer = answers[name];
    const told: unknown = typeof answer === "function" ? answer(call) : answer;
    if (told instanceof Response) return told;
    return told === undefined ? new Response(null, { status: 204 }) : Response.json(told);
  });
  return calls;
}
