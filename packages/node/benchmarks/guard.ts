/**
 * What the guard costs a request in Node, for `python -m benchmarks node-guard`.
 *
 * Reads lines like `check 1000`: what to do, and how often. Answers each with the processor time
 * that once took, in microseconds.
 */

import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { type Held, SessionCache } from "../src/cache.ts";
import { SCOPES } from "../src/core/restrictions.ts";
import { understudyExpress } from "../src/express.ts";
import { Guard } from "../src/guard.ts";
import { Reader } from "../src/reading.ts";
import type { Scope } from "../src/scope.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { anOpened, TOKEN } from "../tests/fixtures.ts";

const WARM = 20_000;
const AGENT_COOKIE = "session=eyJhbGciOi.ZXlKaGJHY2lPaUpJVXpJMU5pSjk; theme=dark";
// As every browser has them that holds a session.
const SESSION_COOKIE =
  `${AGENT_COOKIE}; __Host-understudy=${TOKEN}; ` +
  "__Host-understudy-epoch=1; understudy-page=ses_1";
/** What a browser of today sends with a page. */
const HEADERS = [
  ["host", "app.example.com"],
  ["connection", "keep-alive"],
  ["cache-control", "max-age=0"],
  ["sec-ch-ua", '"Chromium";v="156", "Not.A/Brand";v="24"'],
  ["sec-ch-ua-mobile", "?0"],
  ["sec-ch-ua-platform", '"Linux"'],
  ["upgrade-insecure-requests", "1"],
  ["user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0"],
  ["accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
  ["sec-fetch-site", "same-origin"],
  ["sec-fetch-mode", "navigate"],
  ["sec-fetch-dest", "document"],
  ["accept-encoding", "gzip, deflate, br, zstd"],
  ["accept-language", "en-GB,en;q=0.9"],
] as const;
const RULES = [
  { method: "POST", pattern: "/account/password", label: "Change password" },
  { method: "DELETE", pattern: "/account", label: "Delete account" },
  { method: "POST", pattern: "/api-keys/**", label: "Create API keys" },
  { method: "*", pattern: "/billing/**", label: "Billing" },
];

const rawHeaders = [...HEADERS, ["cookie", AGENT_COOKIE] as const].flat();
const middleware = understudyExpress(new FakeGateway().understudy());
// As the server's own sockets are, which nobody connects to here.
const socket = Object.assign(new Socket(), { server: createServer() });
let passed = 0;
const next = (): void => {
  passed += 1;
};

/** One of its own each time, as the middleware knows those that it has seen. */
function aRequest(): IncomingMessage {
  const url = "/orders/42";
  const request = { method: "GET", url, originalUrl: url, baseUrl: "", protocol: "https" };
  return Object.assign(new IncomingMessage(socket), request, { rawHeaders });
}

function aCheck(): () => void {
  const monotonic = () => performance.now() / 1000;
  const pulse = { freshUntil: Number.POSITIVE_INFINITY, generation: 1 };
  const cache = new SessionCache({ pulse, monotonic });
  const restrictions = { scope: SCOPES[0], blockedActions: RULES, unlocks: false };
  const held = cache.keep(anOpened({ restrictions }), { sentAt: monotonic(), generation: 1 });
  const guard = new Guard({ cache, monotonic, recorderFull: () => false });
  const reader = new Reader();
  const scope = scopeInSession();
  return () => isServed(guard.decide(reader.asked(scope)), held);
}

function scopeInSession(): Scope {
  return {
    type: "http",
    method: "GET",
    path: "/orders/42",
    rawPath: "/orders/42",
    rootPath: "",
    queryString: "",
    headers: [...HEADERS, ["cookie", SESSION_COOKIE]],
    scheme: "https",
    client: "192.0.2.7",
  };
}

function isServed(verdict: unknown, held: Held | unknown): void {
  if (verdict !== held) throw new Error("The session is not served from the cache.");
}

const MEASURES: Readonly<Record<string, () => void>> = {
  bare: () => {
    new ServerResponse(aRequest());
    next();
  },
  passing: () => {
    const request = aRequest();
    middleware(request, new ServerResponse(request), next);
  },
  check: aCheck(),
};

function microseconds(call: () => void, times: number): number {
  const begin = process.cpuUsage();
  for (let time = 0; time < times; time += 1) call();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / times;
}

for (const call of Object.values(MEASURES)) microseconds(call, WARM);
if (passed !== 2 * WARM) throw new Error("A request without a session has not reached the app.");

for await (const line of createInterface({ input: process.stdin })) {
  const [name = "", times = ""] = line.split(" ");
  const call = MEASURES[name];
  if (call === undefined) throw new Error(`Nothing is measured by the name of ${name}.`);
  process.stdout.write(`${microseconds(call, Number(times))}\n`);
}
