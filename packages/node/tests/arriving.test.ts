import { expect, test } from "vitest";
import { carriedOut } from "../src/passage/waiting.ts";
import { Routes } from "../src/routes.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { type Answer, type Headers, Visit } from "../src/visit.ts";
import { allOf, PERSON, told } from "./visiting.ts";

const LABEL = `https://understudy-${"a".repeat(26)}.view.app.test`;
const APP = "https://app.test";

/** An app whose sessions have origins, and a browser that keeps cookies by their hosts. */
class Browser {
  readonly gateway = new FakeGateway();
  readonly jars = new Map<string, Map<string, string>>();
  readonly routes = new Routes(
    this.gateway.understudy({ sessionOrigins: "https://*.view.app.test" }),
    { staff: { staffOf: () => ({ id: "kim" }), mayStart: null, homeOf: null } },
  );

  constructor() {
    this.gateway.origin = LABEL;
  }

  async start(): Promise<string> {
    const body = Buffer.from('{"subject_id":"42","reason":"Asked by phone"}');
    const headers: Headers = [
      ["content-type", "application/json"],
      ["content-length", String(body.length)],
      ["sec-fetch-site", "same-origin"],
    ];
    const started = await this.#asked("POST", `${APP}/_understudy/start`, headers, body);
    return String(told(started).home);
  }

  async visit(address: string, headers: Headers = PERSON): Promise<Answer> {
    return await this.#asked("GET", address, headers);
  }

  async #asked(method: string, address: string, more: Headers, body = Buffer.from("")) {
    const { origin, pathname, search } = new URL(address);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const headers: Headers = [...more, ["cookie", cookie]];
    const visit = new Visit({ method, origin, base: "", query: search.slice(1), headers });
    const steps = this.routes.serving(visit, pathname);
    const answer = await carriedOut(steps, { readBody: async () => body });
    for (const set of allOf(answer, "set-cookie")) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
}

function target(answer: Answer): string {
  return allOf(answer, "location")[0] ?? "";
}

test("a start leads by the app's own host to the session's origin", async () => {
  const browser = new Browser();
  const address = await browser.start();
  expect(address).toContain(`${LABEL}/_understudy/arrive?`);
  const hand = target(await browser.visit(address));
  const arrived = target(await browser.visit(hand));
  const begun = await browser.visit(arrived);
  expect([begun.status, target(begun)]).toEqual([303, "/"]);
  expect(browser.jars.get(LABEL)?.has("__Host-understudy")).toBe(true);
  expect(browser.jars.get(APP)?.size).toBe(0);
  // No address held a token that can be used.
  expect([address, hand, arrived].join()).not.toContain("usi_");
});

test("what stands in an address is worth nothing in another browser", async () => {
  const [browser, other] = [new Browser(), new Browser()];
  const hand = target(await browser.visit(await browser.start()));
  expect((await other.visit(hand)).status).toBe(400);
  const arrived = target(await browser.visit(hand));
  expect((await other.visit(arrived)).status).toBe(400);
  expect((await other.visit(`${LABEL}/_understudy/arrive?from=${APP}&seal=x`)).status).toBe(400);
  expect(other.jars.get(LABEL)?.has("__Host-understudy") ?? false).toBe(false);
});

test("a start does not go on in advance, nor in a browser with a session", async () => {
  const browser = new Browser();
  const address = await browser.start();
  expect((await browser.visit(address, [["sec-purpose", "prefetch"]])).status).toBe(400);
  browser.jars.set(LABEL, new Map([["__Host-understudy", "uss_x"]]));
  expect((await browser.visit(address)).status).toBe(403);
});

test("a grant of an origin that the app does not serve begins nothing", async () => {
  const browser = new Browser();
  browser.gateway.origin = "https://elsewhere.test";
  expect(await browser.start()).toBe("undefined");
});
