import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test, vi } from "vitest";

const src = (name: string) => JSON.stringify(new URL(`../src/${name}`, import.meta.url).href);
// Each test starts a Node of its own, which a busy machine keeps waiting.
vi.setConfig({ testTimeout: 20_000 });
const START = `
import { writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { closeAtExit, needNotClose } from ${src("closing.ts")};
import { woken } from ${src("stopping.ts")};
const say = (text) => writeSync(1, text + "\\n");
const closing = {
  async close() { await pause(5); say("closed"); },
  leave() { say("left"); },
};
const die = (signal) => process.kill(process.pid, signal);
const wait = setInterval(() => undefined, 1000);
`;

interface End {
  readonly out: string;
  readonly err: string;
  readonly code: unknown;
  readonly signal: string | null;
}

/** How a program of Node's ends, which says what it does. */
function endOf(program: string): Promise<End> {
  const given = ["--no-warnings", "--input-type=module", "-e", START + program];
  return new Promise((done) => {
    const child = execFile(process.execPath, given, { timeout: 20_000 }, (_, out, err) => {
      done({ out, err, code: child.exitCode, signal: child.signalCode });
    });
  });
}

test("the plain end closes once, and is waited for", async () => {
  const end = await endOf("closeAtExit(closing); clearInterval(wait);");
  expect(end).toEqual({ out: "closed\n", err: "", code: 0, signal: null });
});

test.each(["SIGTERM", "SIGINT"])("%s closes, and still ends the process", async (signal) => {
  const end = await endOf(`closeAtExit(closing); die("${signal}");`);
  expect(end).toEqual({ out: "closed\n", err: "", code: null, signal });
});

test("an exit waits for nobody, so that what there is is left behind", async () => {
  const end = await endOf("closeAtExit(closing); process.exit(3);");
  expect([end.out, end.code]).toEqual(["left\n", 3]);
});

test("an exit while the end is waited for leaves behind what there is", async () => {
  const end = await endOf(`
    closeAtExit({ ...closing, close: () => new Promise(() => undefined) });
    setImmediate(() => process.exit(3)); die("SIGTERM");
  `);
  expect([end.out, end.code]).toEqual(["left\n", 3]);
});

test("two copies of the package end a process as one does, each with what it has to close", async () => {
  const folder = mkdtempSync(`${tmpdir()}/understudy-`);
  cpSync(new URL("../src", import.meta.url), folder, { recursive: true });
  const end = await endOf(`
    const copy = await import(${JSON.stringify(`${folder}/closing.ts`)});
    copy.closeAtExit({ close: async () => say("copy closed"), leave() {} });
    closeAtExit(closing); die("SIGTERM");
  `);
  rmSync(folder, { recursive: true });
  expect(end).toEqual({ out: "copy closed\nclosed\n", err: "", code: null, signal: "SIGTERM" });
});

test("who has a handler of their own ends the process when they are through", async () => {
  const end = await endOf(`
    closeAtExit(closing);
    process.on("SIGTERM", () => { say("theirs"); clearInterval(wait); });
    woken(() => say("woken"));
    die("SIGTERM");
  `);
  expect([end.out.split("\n").sort().join(" ").trim(), end.code]).toEqual([
    "closed theirs woken",
    0,
  ]);
});

test("what was taken back is not closed, and leaves the signals to others", async () => {
  const end = await endOf(`
    closeAtExit(closing); needNotClose(closing);
    say(String(process.listenerCount("SIGTERM"))); clearInterval(wait);
  `);
  expect([end.out, end.code]).toEqual(["0\n", 0]);
});

test("what is opened while the server stops is told at once", async () => {
  const end = await endOf(`
    closeAtExit(closing);
    process.on("SIGTERM", () => setImmediate(() => {
      woken(() => say("told")); clearInterval(wait);
    }));
    die("SIGTERM");
  `);
  expect(end.out).toBe("told\nclosed\n");
});

test("a closing that fails keeps no other from it", async () => {
  const end = await endOf(`
    closeAtExit({ close: async () => { throw new Error("x"); }, leave() {} });
    closeAtExit(closing); die("SIGTERM");
  `);
  expect([end.out, end.err, end.signal]).toEqual(["closed\n", "", "SIGTERM"]);
});

test("a banner that hears of its session holds up no server that stops", async () => {
  const end = await endOf(`
    const { createServer, get } = await import("node:http");
    const { understudyHttp } = await import(${src("http.ts")});
    const { FakeGateway } = await import(${src("testing/index.ts")});
    const gateway = new FakeGateway();
    const understudy = gateway.understudy();
    const { headers } = gateway.open();
    const server = createServer(understudyHttp(understudy).guarded(() => undefined));
    process.on("SIGTERM", () => {
      clearInterval(wait);
      server.close(() => say("through"));
    });
    server.listen(0, "127.0.0.1", () => {
      const asked = { host: "127.0.0.1", port: server.address().port, agent: false, headers };
      get({ ...asked, path: "/_understudy/events" }, (response) => {
        response.once("data", () => die("SIGTERM"));
        response.resume();
      });
    });
  `);
  expect([end.out, end.err, end.code]).toEqual(["through\n", "", 0]);
});
