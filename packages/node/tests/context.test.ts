import { AsyncResource } from "node:async_hooks";
import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  asNobody,
  currentImpersonation,
  entered,
  Impersonation,
  leftByOthers,
  OwnRequest,
  Present,
  presentRequest,
  within,
} from "../src/context.ts";
import { SESSION } from "./support/sample.ts";

const present = () => new Present(Impersonation.of(SESSION, "the user"));
const who = () => currentImpersonation()?.subject.id ?? null;

test("nobody impersonates outside of a session", () => {
  expect(currentImpersonation()).toBeNull();
});

test("both people are known inside of one", () => {
  const now = present();
  const found = entered(now, currentImpersonation);
  expect(found).toMatchObject({
    sessionId: "ses_1",
    subject: { id: "42" },
    actor: { id: "opr_1" },
    organization: SESSION.organization,
    scope: "full",
    reason: "Cannot see the invoice",
    ticket: "T-1",
    startedAt: SESSION.startedAt,
    endsAt: SESSION.endsAt,
    user: "the user",
  });
  expect(now.asked).toBe(true);
});

test("the context ends with the request, also when that fails at once or by its promise", async () => {
  const [thrown, rejected] = [present(), present()];
  const fail = () => {
    throw new Error("x");
  };
  expect(() => entered(thrown, fail)).toThrow("x");
  await expect(entered(rejected, async () => fail())).rejects.toThrow("x");
  expect([thrown.over, rejected.over, currentImpersonation()]).toEqual([true, true, null]);
});

test("the context reaches promises, timers and callbacks of the request", async () => {
  const found = entered(present(), async () => {
    const timed = new Promise((done) => setTimeout(() => done(who()), 0));
    const bound = AsyncResource.bind(who);
    return [await turn().then(who), await timed, bound()];
  });
  expect(await found).toEqual(["42", "42", "42"]);
});

test("a timer, a promise and a callback that outlive their request are nobody's", async () => {
  const now = present();
  const left = within(now, () => ({
    timer: new Promise((done) => setTimeout(() => done(who()), 0)),
    promise: turn().then(who),
    callback: AsyncResource.bind(who),
    before: who(),
  }));
  now.over = true;
  expect(left.before).toBe("42");
  expect([await left.timer, await left.promise, left.callback()]).toEqual([null, null, null]);
});

test("an interval goes on as nobody once its request is over", async () => {
  const now = present();
  const seen: (string | null)[] = [];
  const interval = within(now, () => setInterval(() => seen.push(who()), 1));
  while (seen.length < 2) await turn();
  now.over = true;
  const before = seen.length;
  while (seen.length < before + 2) await turn();
  clearInterval(interval);
  expect(seen.slice(0, before).every((one) => one === "42")).toBe(true);
  expect(seen.slice(before).every((one) => one === null)).toBe(true);
});

test("whatever context was found can be left, and comes back", () => {
  entered(present(), () => {
    expect(asNobody(currentImpersonation)).toBeNull();
    expect(currentImpersonation()).not.toBeNull();
  });
});

test("a context is others' unless the request itself names its impersonation", () => {
  const now = present();
  expect(leftByOthers(null)).toBe(false);
  entered(now, () => {
    expect(leftByOthers(null)).toBe(true);
    expect(leftByOthers(present().impersonation)).toBe(true);
    expect(leftByOthers(now.impersonation)).toBe(false);
  });
});

test("two requests at once do not mix", async () => {
  const later = async () => {
    await turn();
    return who();
  };
  expect(await Promise.all([entered(present(), later), later()])).toEqual(["42", null]);
});

test("a request of a user's own is known as that until it is over", () => {
  const own = new OwnRequest();
  entered(own, () => {
    expect(presentRequest()).toBe(own);
    expect([currentImpersonation(), own.over, leftByOthers(null)]).toEqual([null, false, false]);
    expect(entered(present(), who)).toBe("42");
    expect(presentRequest()).toBe(own);
  });
  expect([own.over, presentRequest()]).toEqual([true, null]);
});

/** As an adapter does: each request begins as what it is, and is over with its response. */
const asAdaptersDo: RequestListener = (request, response) => {
  const begun = presentRequest();
  const now = request.url === "/session" ? present() : new OwnRequest();
  response.on("close", () => {
    now.over = true;
  });
  within(now, () => {
    request.resume().on("end", () => response.end(JSON.stringify([who(), begun === null])));
  });
};

async function serving<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(asAdaptersDo).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test("the next request on a connection that is kept alive is not the one before", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const asked = async (port: number, path: string): Promise<unknown[]> => {
    const [response] = (await once(get({ port, path, agent, host: "127.0.0.1" }), "response")) as [
      IncomingMessage,
    ];
    return JSON.parse((await response.toArray()).join(""));
  };
  const found = await serving(async (port) => [
    await asked(port, "/session"),
    await asked(port, "/own"),
    await asked(port, "/session"),
    await asked(port, "/own"),
  ]);
  agent.destroy();
  expect(found.map(([seen]) => seen)).toEqual(["42", null, "42", null]);
});

test("requests that come at once on one connection do not mix", async () => {
  const request = (path: string, end = "keep-alive") =>
    `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: ${end}\r\n\r\n`;
  const answers = await serving(async (port) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(request("/session") + request("/own") + request("/session", "close"));
    return (await socket.toArray()).join("");
  });
  expect(answers.match(/\["42"|\[null/g)).toEqual(['["42"', "[null", '["42"']);
});
