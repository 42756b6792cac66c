import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { Ended, Held } from "../src/cache.ts";
import { entered, Impersonation, Present } from "../src/context.ts";
import {
  InvalidInput,
  Refused,
  SetupError,
  TokenInvalid,
  Unavailable,
} from "../src/core/errors.ts";
import { tokenHash } from "../src/core/tokens.ts";
import { Secret } from "../src/secret.ts";
import { FakeGateway } from "../src/testing/index.ts";
import { Understudy } from "../src/understudy.ts";
import { anAction, SESSION } from "./support/sample.ts";

const SERVICE = { url: "https://understudy.internal/", applicationId: "app_1", secret: "usk_s" };
const open: Understudy[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((understudy) => understudy.close()));
});

function handle(gateway = new FakeGateway()): { gateway: FakeGateway; understudy: Understudy } {
  const understudy = gateway.understudy();
  open.push(understudy);
  return { gateway, understudy };
}

describe("starting", () => {
  it("gives the cookie for the actor's browser, and shows it nowhere", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open({ subject: { id: "42" } });
    const started = await understudy.start(gateway.offer(session, { returnTo: "/orders" }));
    expect(started.session.subject.id).toBe("42");
    expect(started.returnTo).toBe("/orders");
    expect(started.setCookie).toMatch(
      new RegExp(`^__Host-understudy=${session.token}; Path=/; Max-Age=\\d+; Secure; HttpOnly;`),
    );
    const { inspect } = await import("node:util");
    expect(JSON.stringify(started) + inspect(started)).not.toContain(session.token);
  });

  it("serves the session without asking again, once, and on its own wire", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open();
    const token = gateway.offer(session, { wire: "clerk" });
    await expect(understudy.start(token)).rejects.toThrow(TokenInvalid);
    await gateway.waitForFollowers();
    await understudy.start(token, { wire: "clerk" });
    const found = understudy.runtime().cache.find(tokenHash(session.token));
    expect(found).toBeInstanceOf(Held);
    await expect(understudy.start(token, { wire: "clerk" })).rejects.toThrow(TokenInvalid);
    expect(gateway.calls).not.toContain("refresh");
  });

  it("is refused within a session, by a wire that is none, and by a service that is away", async () => {
    const { gateway, understudy } = handle();
    const token = gateway.offer(gateway.open());
    const present = new Present(Impersonation.of(SESSION));
    const nested = entered(present, () => understudy.start(token));
    await expect(nested).rejects.toMatchObject({ code: Refused.code, rule: "nested" });
    const odd = { wire: "oauth" as "native" };
    await expect(understudy.start(token, odd)).rejects.toThrow(SetupError);
    gateway.reachable = false;
    await expect(understudy.start(token)).rejects.toThrow(Unavailable);
    gateway.reachable = true;
    expect((await understudy.start(token)).session.subject.id).toBe("42");
  });
});

describe("a process", () => {
  it("asks once for what many want to know at once", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open();
    const runtime = understudy.runtime();
    const ask = () => runtime.ask(new Secret(session.token), tokenHash(session.token));
    const found = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(found).size).toBe(1);
    expect(gateway.calls.filter((verb) => verb === "refresh")).toHaveLength(1);
  });

  it("knows an ending at once, and the service soon", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open();
    await understudy.start(gateway.offer(session));
    const runtime = understudy.runtime();
    const held = await runtime.ask(new Secret(session.token), tokenHash(session.token));
    if (!(held instanceof Held)) throw new Error("it does not live");
    const told = runtime.end(held, "identity_not_applied");
    expect(runtime.cache.find(held.key)).toBeInstanceOf(Ended);
    await told;
    expect(gateway.ended(session.id)).toBe("identity_not_applied");
  });

  it("hears of what others end", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open();
    await understudy.start(gateway.offer(session));
    await gateway.waitForFollowers();
    await gateway.revoke(session.id);
    const found = understudy.runtime().cache.find(tokenHash(session.token));
    expect(found).toMatchObject({ cause: "revoked" });
  });

  it("has action ids that are its own and fit the service", () => {
    const { understudy } = handle();
    const runtime = understudy.runtime();
    const ids = Array.from({ length: 100 }, () => runtime.newActionId());
    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^[A-Za-z0-9_-]{8,64}$/.test(id))).toBe(true);
    expect(runtime.action({ ...anAction("a"), id: "x" }).at.getTime()).toBeCloseTo(Date.now(), -4);
  });

  it("tells the service what is left when it closes, and can begin anew", async () => {
    const { gateway, understudy } = handle();
    const session = gateway.open({ actor: { id: "kim" } });
    const runtime = understudy.runtime();
    runtime.follow();
    runtime.recorder.add(session.id, runtime.action(anAction("a")));
    understudy.revokeSessionsOf("kim");
    await understudy.close();
    expect(await gateway.actions(session.id)).toHaveLength(1);
    expect(gateway.ended(session.id)).toBe("revoked");
    expect(understudy.runtime()).not.toBe(runtime);
    await expect(runtime.calls.submit(async () => 1)).rejects.toThrow(Unavailable);
  });

  it("that was about to end serves what it is asked for after all", async () => {
    const { gateway, understudy } = handle();
    const runtime = understudy.runtime();
    runtime.follow();
    await runtime.close(); // as a hook of the process does
    expect(runtime.isClosed).toBe(true);
    const { session } = await understudy.start(gateway.offer(gateway.open()));
    expect(understudy.runtime().cache.sessionOf(session.id)).toEqual(session);
  });

  it.each(["", "a\0b", "a\u200db", "x".repeat(256)])("knows no actor %j", (actorId) => {
    expect(() => handle().understudy.revokeSessionsOf(actorId)).toThrow(InvalidInput);
  });
});

describe("a process that follows a service", () => {
  const PROGRAM = fileURLToPath(new URL("support/short.ts", import.meta.url));

  async function ended(...words: string[]): Promise<[code: number | null, printed: string]> {
    const child = spawn(process.execPath, ["--no-warnings", PROGRAM, ...words]);
    let printed = "";
    child.stdout.on("data", (part) => {
      printed += part;
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return [code, printed];
  }

  it.each(["plain", "exit", "SIGTERM"])(
    "ends by itself, having told what it had: %s",
    async (way) => {
      const [code, printed] = await ended(way);
      expect([printed.trim(), code]).toEqual([
        way === "exit" ? "left 1" : "recorded 1",
        way === "SIGTERM" ? null : 0,
      ]);
    },
  );
});

describe("a remote handle", () => {
  it("knows where browsers go", () => {
    const plain = Understudy.remote(SERVICE);
    const { client } = Understudy.remote({
      ...SERVICE,
      publicUrl: "https://understudy.example/",
      redirectUrl: "https://app.example/_understudy/callback",
      sessionOrigins: "https://*.view.app.example",
    });
    expect(plain.client.issuer).toBe("https://understudy.internal");
    expect(client).toMatchObject({
      issuer: "https://understudy.example",
      redirectUrl: "https://app.example/_understudy/callback",
    });
    expect(String(client.sessionOrigins)).toBe("https://*.view.app.example");
  });

  it.each([
    { applicationId: "" },
    { secret: "" },
    { url: "x" },
    { publicUrl: "ftp://x" },
    { sessionOrigins: "https://app.example" },
  ])("is a fault of the set-up with %j", (odd) => {
    expect(() => Understudy.remote({ ...SERVICE, ...odd })).toThrow(SetupError);
  });

  it("seals launch cookies under a key that is not the secret, and as Python does", () => {
    const key = Understudy.remote({ ...SERVICE, secret: "usk_secret" }).client.key.reveal();
    expect(key).toBe("8101a0cb35a6975a59fdc35590ab18dc186b57b772fe05c21740a83b71e89be3");
    expect(key).not.toContain("usk_secret");
  });

  it("is asked by its people, and no other kind of link is", async () => {
    const { understudy } = handle();
    await expect(understudy.office((office) => office.sessions())).rejects.toThrow(SetupError);
    const away = Understudy.remote({ ...SERVICE, url: "http://127.0.0.1:9" });
    await expect(away.office((office) => office.application())).rejects.toThrow(Unavailable);
  });
});
