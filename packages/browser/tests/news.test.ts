import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createUnderstudy, type Status, type Understudy } from "../src/index.ts";
import { NOBODY, Server, session, settled } from "./server.ts";

const STATUS = "/_understudy/status";

let server: Server;
let understudy: Understudy;
let stops: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  Channel.all.clear();
  vi.stubGlobal("BroadcastChannel", Channel);
  server = new Server();
  server.tells(STATUS, NOBODY);
  understudy = createUnderstudy({ go: () => {} });
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  document.body.replaceChildren();
  vi.useRealTimers();
});

/** The channel of a browser, in which every tab is this one. */
class Channel extends EventTarget {
  static readonly all = new Set<Channel>();
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
    Channel.all.add(this);
  }
  postMessage(): void {
    for (const other of Channel.all) {
      if (other !== this && other.name === this.name) other.dispatchEvent(new Event("message"));
    }
  }
  close(): void {
    Channel.all.delete(this);
  }
}

async function hear(who: Understudy = understudy): Promise<Status[]> {
  const heard: Status[] = [];
  stops.push(who.subscribe((status) => heard.push(status)));
  await settled();
  return heard;
}

test("whoever listens hears what is so, and then what changes", async () => {
  const heard = await hear();
  server.tells(STATUS, session());
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard.map((status) => status.impersonating)).toEqual([false, true]);
});

test("the same status stays the same object", async () => {
  server.tells(STATUS, session());
  const heard = await hear();
  const first = understudy.current();
  server.tells(STATUS, session({ server_now: "2026-03-01T12:00:05+00:00" }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(understudy.current()).toBe(first);
  expect(heard).toHaveLength(1);
});

test("without a banner an end is known within five seconds", async () => {
  server.tells(STATUS, session());
  const heard = await hear();
  server.tells(STATUS, NOBODY);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard.at(-1)?.impersonating).toBe(false);
});

test("where a banner hears of the end the server is asked rarely, and at once when it says so", async () => {
  document.body.append(document.createElement("understudy-banner"));
  server.tells(STATUS, session());
  const heard = await hear();
  server.tells(STATUS, NOBODY);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard).toHaveLength(1);
  document.dispatchEvent(new CustomEvent("understudy:ended"));
  await settled();
  expect(heard.at(-1)?.impersonating).toBe(false);
});

test("another identity of the browser is looked at when the page is told of it", async () => {
  const heard = await hear();
  server.tells(STATUS, session());
  document.dispatchEvent(new CustomEvent("understudy:identity-changed"));
  await settled();
  expect(heard.at(-1)?.impersonating).toBe(true);
});

test("an end in one tab is known in the others at once", async () => {
  server.tells(STATUS, session());
  const other = await hear(createUnderstudy());
  await hear();
  server.tells(STATUS, NOBODY);
  server.tells("/_understudy/end", { ended: true, return_to: "/" });
  await understudy.end();
  await settled();
  expect(other.map((status) => status.impersonating)).toEqual([true, false]);
});

test("a start in a tab that listens to nothing is known in the others at once", async () => {
  const other = await hear(createUnderstudy());
  server.tells(STATUS, session());
  server.tells("/_understudy/start", { started: true, session: "ses_1", home: "/" });
  await understudy.start({ subjectId: 1, reason: "Cannot see the invoice" });
  await settled();
  expect(other.at(-1)?.impersonating).toBe(true);
});

test("tabs do not go on telling each other what one of them has told", async () => {
  await hear(createUnderstudy());
  await hear();
  server.tells(STATUS, session());
  const before = server.asked.length;
  document.dispatchEvent(new CustomEvent("understudy:ended"));
  await settled();
  // Each by the event; and each may have been told once by the other.
  expect(server.asked.length - before).toBeLessThanOrEqual(4);
});

test("an answer that is overtaken counts no more", async () => {
  await hear();
  let answer: (late: Response) => void = () => {};
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
  const old = understudy.status();
  new Server().tells(STATUS, NOBODY);
  await understudy.status();
  answer(Response.json(session()));
  expect((await old).impersonating).toBe(true);
  expect(understudy.current()?.impersonating).toBe(false);
});

test("what cannot be asked stays as it was known", async () => {
  server.tells(STATUS, session());
  const heard = await hear();
  const problem = { code: "unavailable", detail: "Away." };
  server.tells(STATUS, { status: 503, problem });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard).toHaveLength(1);
  server.tells(STATUS, NOBODY);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard).toHaveLength(2);
});

test("a page that nobody sees asks nothing until somebody looks", async () => {
  await hear();
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const before = server.asked.length;
  await vi.advanceTimersByTimeAsync(120_000);
  window.dispatchEvent(new Event("online"));
  await settled();
  expect(server.asked).toHaveLength(before);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect(server.asked).toHaveLength(before + 1);
});

test("a page that comes back from where the back button keeps it looks at once", async () => {
  const heard = await hear();
  server.tells(STATUS, session());
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await settled();
  expect(heard.at(-1)?.impersonating).toBe(true);
});

test("nothing is asked any more once nobody listens", async () => {
  await hear();
  for (const stop of stops) stop();
  const before = server.asked.length;
  await vi.advanceTimersByTimeAsync(120_000);
  document.dispatchEvent(new CustomEvent("understudy:ended"));
  await settled();
  expect(server.asked).toHaveLength(before);
  expect(Channel.all.size).toBe(0);
});
