import { beforeEach, expect, test } from "vitest";
import { createUnderstudy, Refusal, type Understudy } from "../src/index.ts";
import { ADA, KIM, NOBODY, Server, session } from "./server.ts";

const WANTED = { subjectId: "1", reason: "Cannot see the invoice" };
const START = "/_understudy/start";

let server: Server;
let gone: string[];
let understudy: Understudy;

beforeEach(() => {
  server = new Server();
  gone = [];
  understudy = createUnderstudy({ go: (address) => gone.push(address) });
});

async function refusalOf(doing: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await doing.then(
    () => expect.fail("it was done"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw error;
  return error;
}

test("a session is told with both people, its limits and its times", async () => {
  server.tells("/_understudy/status", session());
  expect(await understudy.status()).toEqual({
    impersonating: true,
    session: "ses_1",
    subject: ADA,
    actor: KIM,
    scope: "read_only",
    blockedActions: [{ method: "POST", pattern: "/billing/**", label: "Billing" }],
    endsAt: new Date("2026-03-01T12:15:00Z"),
    idleEndsAt: new Date("2026-03-01T12:10:00Z"),
    serverNow: new Date("2026-03-01T12:00:00Z"),
  });
});

test("a session that is over is told with its cause", async () => {
  const over = { impersonating: false, cause: "revoked", message: "Somebody revoked it." };
  server.tells("/_understudy/status", over);
  expect(await understudy.status()).toEqual(over);
});

test.each([
  {},
  { impersonating: "yes" },
  session({ scope: "all" }),
  session({ ends_at: "soon" }),
  session({ subject: null }),
])("what does not say who works as whom is no status: %j", async (told) => {
  server.tells("/_understudy/status", told);
  expect((await refusalOf(understudy.status())).code).toBe("unexpected_answer");
  expect(understudy.current()).toBeNull();
});

test("while the service cannot be asked nobody is named", async () => {
  const problem = { code: "unavailable", detail: "Understudy cannot be reached." };
  server.tells("/_understudy/status", { status: 503, problem });
  const refusal = await refusalOf(understudy.status());
  expect([refusal.code, refusal.status, refusal.message]).toEqual([
    "unavailable",
    503,
    "Understudy cannot be reached.",
  ]);
});

test("a start sends what was typed and goes where it begins", async () => {
  server.tells(START, { started: true, session: "ses_1", home: "/finance" });
  const more = { ticket: "SUP-1", minutes: 15, scope: "read_only" } as const;
  const started = await understudy.start({ ...WANTED, ...more });
  expect(started).toEqual({ session: "ses_1", home: "/finance" });
  expect(await server.sent(START)).toEqual([
    { subject_id: "1", reason: "Cannot see the invoice", ...more },
  ]);
  expect(server.asked[0]?.headers.get("content-type")).toBe("application/json");
  expect(gone).toEqual([new URL("/finance", location.href).href]);
});

test("a session of its own origin is gone to, though it has not begun", async () => {
  const home = "https://x1.view.app.example/_understudy/arrive?seal=x";
  server.tells(START, { started: true, session: null, home });
  expect((await understudy.start(WANTED)).session).toBeNull();
  expect(gone).toEqual([home]);
});

test("a refusal names its code, its words and the field", async () => {
  const problem = { code: "reason_too_short", detail: "Say more.", field: "reason", sign_in: null };
  server.tells(START, { status: 422, problem });
  const refusal = await refusalOf(understudy.start(WANTED));
  expect([refusal.code, refusal.message, refusal.field, refusal.signIn]).toEqual([
    "reason_too_short",
    "Say more.",
    "reason",
    null,
  ]);
  expect(gone).toEqual([]);
});

test("where a fresh sign-in is wanted the page goes there", async () => {
  const problem = { code: "not_signed_in", detail: "Sign in again.", sign_in: "/login" };
  server.tells(START, { status: 401, problem });
  expect((await refusalOf(understudy.start(WANTED))).signIn).toBe("/login");
  expect(gone).toEqual([new URL("/login", location.href).href]);
});

test("no address that is a script is gone to", async () => {
  server.tells(START, { started: true, session: "ses_1", home: "javascript:alert(1)" });
  await understudy.start(WANTED);
  expect(gone).toEqual([]);
});

test("an app that is away, and one that answers something else, are told apart", async () => {
  expect((await refusalOf(understudy.start(WANTED))).code).toBe("no_answer");
  server.tells(START, { status: 502, problem: {} });
  const refusal = await refusalOf(understudy.start(WANTED));
  expect([refusal.code, refusal.status]).toEqual(["unexpected_answer", 502]);
});

test("an end leads back to where the session was started, and is known at once", async () => {
  server.tells("/_understudy/status", session());
  await understudy.status();
  server.tells("/_understudy/end", { active: false, ended: true, return_to: "/admin/users" });
  await understudy.end();
  expect(server.asked.at(-1)?.method).toBe("POST");
  expect(gone).toEqual([new URL("/admin/users", location.href).href]);
  expect(understudy.current()?.impersonating).toBe(false);
});

test("the page of another session ends nothing", async () => {
  server.tells("/_understudy/status", session());
  await understudy.status();
  const problem = { code: "page_of_another_session", detail: "It is another one's." };
  server.tells("/_understudy/end", { status: 409, problem });
  expect((await refusalOf(understudy.end())).code).toBe("page_of_another_session");
  expect(understudy.current()?.impersonating).toBe(true);
});

test("the addresses lie where the app has put them", async () => {
  server.tells("/app/_support/status", NOBODY);
  const elsewhere = createUnderstudy({ prefix: "/app/_support/" });
  expect((await elsewhere.status()).impersonating).toBe(false);
  expect(elsewhere.prefix).toBe("/app/_support");
});
