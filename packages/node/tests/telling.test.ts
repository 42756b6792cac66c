/** The app hears of each session that it begins, to tell the user: no more than they may know. */

import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { currentImpersonation, entered, Impersonation, Present } from "../src/context.ts";
import { TokenInvalid } from "../src/core/errors.ts";
import type { SessionNotice } from "../src/telling.ts";
import { FakeGateway } from "../src/testing/index.ts";
import type { Understudy } from "../src/understudy.ts";
import { anOpened } from "./fixtures.ts";
import { hearing } from "./support/heard.ts";

const heard = hearing();
let gateway: FakeGateway;
let understudy: Understudy;
let notices: SessionNotice[];
beforeEach(() => {
  gateway = new FakeGateway();
  understudy = gateway.understudy();
  notices = [];
  understudy.tellUsersBy((notice) => notices.push(notice));
});
afterEach(() => understudy.close());

async function begin(): Promise<string> {
  const opened = gateway.open({ subject: { id: "ada" }, actor: { name: "Kim" } });
  return (await understudy.start(gateway.offer(opened))).session.id;
}

test("the app is told whom to tell, and what", async () => {
  gateway.users.toldAs = "Acme Support";
  const sessionId = await begin();
  await vi.waitUntil(() => notices.length > 0);
  const [notice] = notices;
  expect(notice).toMatchObject({ sessionId, subject: { id: "ada" }, by: "Acme Support" });
  expect(notice && notice.startedAt < notice.endsAt).toBe(true);
  expect(JSON.stringify(notice)).not.toContain("Kim");
});

test("nobody is told unless that is set, nor of what has not begun", async () => {
  await begin();
  gateway.users.toldAs = "Kim";
  await expect(understudy.start("no token")).rejects.toThrow(TokenInvalid);
  const second = await begin();
  // The one before would have come first.
  await vi.waitUntil(() => notices.length > 0);
  expect(notices.map(({ sessionId }) => sessionId)).toEqual([second]);
});

test.each([
  () => {
    throw new RangeError("ada@customer.test");
  },
  async () => {
    throw new RangeError("ada@customer.test");
  },
])("an app that cannot tell has begun the session all the same: %s", async (tell) => {
  understudy.tellUsersBy(tell);
  gateway.users.toldAs = "Kim";
  expect(await begin()).toMatch(/^ses_/);
  await vi.waitUntil(() => heard.length > 0);
  expect(JSON.stringify(heard)).toContain("could not tell");
  expect(JSON.stringify(heard)).not.toContain("ada@customer.test");
});

test("it is told as nobody", async () => {
  const kept = new AsyncLocalStorage<string>();
  const found: unknown[] = [];
  understudy.tellUsersBy(() => found.push(kept.getStore(), currentImpersonation()));
  gateway.users.toldAs = "Kim";
  const runtime = understudy.runtime();
  const present = new Present(Impersonation.of(anOpened().session));
  const presented = { token: gateway.offer(gateway.open()), wire: "native" as const };
  await kept.run("what the request had", () =>
    entered(present, async () => {
      const { Secret } = await import("../src/secret.ts");
      const token = new Secret(presented.token);
      const rest = { codeVerifier: null, redirectUri: null, attempt: null };
      await runtime.sessions.exchange({ ...presented, ...rest, token });
    }),
  );
  await vi.waitUntil(() => found.length > 0);
  expect(found).toEqual([undefined, null]);
});
