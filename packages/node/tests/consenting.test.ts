import { expect, test } from "vitest";
import { carriedOut } from "../src/passage/waiting.ts";
import type { RoutesOptions } from "../src/routes.ts";
import { type Answer, type Headers, Visit } from "../src/visit.ts";
import { allOf, cookieOf, ORIGIN, PERSON, text, told, VisitedApp } from "./visiting.ts";

const EPOCH = "__Host-understudy-epoch";
const OWN: Headers = [["sec-fetch-site", "same-origin"]];

/** Who makes a request, by the app's own sign-in. */
interface Signed {
  readonly user?: unknown;
  readonly staff?: unknown;
}

const ADA: Signed = { user: "ada" };

class Account extends VisitedApp {
  constructor(options: RoutesOptions = {}) {
    super({
      consentOf: ({ user }: Signed) => user as string,
      staff: { staffOf: ({ staff }: Signed) => staff as null, mayStart: null, homeOf: null },
      ...options,
    });
    this.gateway.users.mode = "standing";
  }

  send(name: string, said: object, headers: Headers = OWN, request: Signed = ADA): Promise<Answer> {
    return this.#post(name, JSON.stringify(said), "application/json", headers, request);
  }

  submit(name: string, said: Record<string, string>): Promise<Answer> {
    const form = new URLSearchParams(said).toString();
    const type = "application/x-www-form-urlencoded";
    return this.#post(name, form, type, [...OWN, ...PERSON], ADA);
  }

  look(name: string, headers: Headers = OWN, request: Signed = ADA): Promise<Answer> {
    const visit = new Visit({ method: "GET", origin: ORIGIN, base: "", headers, request });
    return carriedOut(this.routes.serving(visit, `/_understudy/${name}`));
  }

  get deeds(): string[] {
    return this.gateway.users.said.map(({ deed }) => deed);
  }

  #post(name: string, said: string, type: string, headers: Headers, request: Signed) {
    const body = Buffer.from(said);
    const visit = new Visit({
      method: "POST",
      origin: ORIGIN,
      base: "",
      headers: [["content-type", type], ...headers],
      request,
    });
    const steps = this.routes.serving(visit, `/_understudy/${name}`);
    return carriedOut(steps, { readBody: async () => body });
  }
}

function codeOf(answer: Answer): [number, unknown] {
  return [answer.status, told(answer).code];
}

test("a user agrees, sees it, and takes it back", async () => {
  const account = new Account();
  expect(told(await account.look("consent"))).toMatchObject({ mode: "standing", consents: [] });
  await account.send("consent", { do: "agree", days: 3, scope: "read_only" });
  expect(account.gateway.users.said.at(-1)).toEqual({
    subjectId: "ada",
    deed: "agree",
    target: "",
    facts: { days: 3, scope: "read_only" },
  });
  expect(told(await account.look("consent")).consents).toHaveLength(1);
  const taken = await account.submit("consent", { do: "withdraw" });
  expect([taken.status, allOf(taken, "location")]).toEqual([303, ["/_understudy/consent"]]);
  expect(text(await account.look("consent", PERSON))).toContain("Agree for 30 days");
});

test("a user answers what they are asked, by a tap or by a code", async () => {
  const account = new Account();
  account.gateway.users.ask("csr_1");
  expect(text(await account.look("consent", PERSON))).toContain("Sam Support");
  const code = await account.submit("consent", { do: "code", request_id: "csr_1" });
  expect(text(code)).toContain("HELP 1234 5678");
  expect(told(await account.send("consent", { do: "allow", request_id: "csr_1" })).kind).toBe(
    "once",
  );
  const again = await account.send("consent", { do: "decline", request_id: "csr_1" });
  expect(codeOf(again)).toEqual([404, "not_found"]);
});

test("a user sees who was in their account by name, ends it and complains", async () => {
  const account = new Account();
  account.gateway.users.history.push({
    session_id: "ses_1",
    actor: { kind: "named_by_application", id: "kim-7", email: "kim@staff.test", name: "Kim" },
    reason: "Ticket 1",
    started_at: "2026-01-05T09:00:00Z",
    ended_at: null,
    actions: null,
  });
  const [item] = told(await account.look("access-history")).items as { actor: object }[];
  expect(item?.actor).toEqual({ kind: "named_by_application", id: null, email: null, name: "Kim" });
  const page = text(await account.look("access-history", PERSON));
  expect(page).toContain("Kim");
  expect(page).not.toContain("kim-7");
  await account.submit("access-history", { do: "end", session_id: "ses_1" });
  await account.send("access-history", { do: "not_agreed", session_id: "ses_1", note: "No." });
  expect(account.deeds.slice(-2)).toEqual(["end", "not_agreed"]);
});

test("nobody says anything in a browser that holds a session", async () => {
  const account = new Account();
  const session = account.gateway.open();
  for (const held of [cookieOf(session), "__Host-understudy=anything"]) {
    const cookie: Headers = [...OWN, ["cookie", held]];
    for (const answer of [
      await account.look("consent", cookie),
      await account.look("access-history", cookie),
      await account.send("consent", { do: "agree" }, cookie),
      await account.send("consent", { do: "withdraw" }, cookie),
      await account.send("access-history", { do: "not_agreed", session_id: "s" }, cookie),
    ]) {
      expect(codeOf(answer)).toEqual([403, "forbidden_while_impersonating"]);
    }
  }
  expect(account.deeds).toEqual([]);
});

test("who tries to agree from inside a session is in its log", async () => {
  const account = new Account();
  const session = account.gateway.open();
  // As an adapter does on the session's first request.
  await account.visit("GET", "status", { session, headers: OWN });
  await account.send("consent", { do: "agree" }, [...OWN, ["cookie", cookieOf(session)]]);
  const [action] = await account.gateway.actions(session.id);
  expect(action).toMatchObject({ phase: "blocked", rule: "forbidden_while_impersonating" });
});

test("pages of others say nothing", async () => {
  const account = new Account();
  const evil = await account.send("consent", { do: "agree" }, [["sec-fetch-site", "cross-site"]]);
  expect(codeOf(evil)).toEqual([403, "cross_site_refused"]);
  const of = (headers: Headers) => account.send("consent", { do: "agree" }, [...OWN, ...headers]);
  expect(codeOf(await of([["cookie", `${EPOCH}=1`]]))).toEqual([403, "page_unmarked"]);
  expect(codeOf(await of([["understudy-page", "ses_9"]]))[1]).toBe("page_of_another_session");
  expect(account.deeds).toEqual([]);
});

test.each([
  ["a member", { id: "kim" }],
  ["what is in doubt", "perhaps"],
  ["an error", new Error("no database")],
])("staff let nobody in: %s", async (_, staff) => {
  const account = new Account();
  account.gateway.users.ask("csr_1");
  const who = { user: "ada", staff };
  for (const said of [
    { do: "agree" },
    { do: "allow", request_id: "csr_1" },
    { do: "code", request_id: "csr_1" },
  ]) {
    expect(codeOf(await account.send("consent", said, OWN, who))).toEqual([
      403,
      "consent_by_staff",
    ]);
  }
  expect((await account.send("consent", { do: "withdraw" }, OWN, who)).status).toBe(200);
  expect(account.deeds).toEqual(["withdraw"]);
});

test("a staff callable that throws lets nobody in", async () => {
  const staffOf = () => Promise.reject(new Error("no database"));
  const account = new Account({ staff: { staffOf, mayStart: null, homeOf: null } });
  expect(codeOf(await account.send("consent", { do: "agree" }))).toEqual([403, "consent_by_staff"]);
});

test.each([
  ["nobody", null],
  ["what is no id", ""],
  ["a list", ["ada"]],
  ["an id that hides something", "ada\u200d"],
  ["a number that was rounded", 2 ** 53],
])("%s is asked to sign in", async (_, user) => {
  const account = new Account();
  expect(codeOf(await account.look("consent", OWN, { user }))).toEqual([401, "not_signed_in"]);
  expect(codeOf(await account.send("consent", { do: "agree" }, OWN, { user }))[0]).toBe(401);
  expect(account.deeds).toEqual([]);
});

test("users are numbered in many apps", async () => {
  const account = new Account();
  await account.look("consent", OWN, { user: 42 });
  expect(account.gateway.users.said[0]?.subjectId).toBe("42");
});

test("it is not there unless the app says who its users are", async () => {
  const app = new VisitedApp();
  for (const name of ["consent", "access-history"]) {
    expect(codeOf(await app.visit("GET", name))).toEqual([404, "not_found"]);
  }
});

test("nothing is said while the service cannot be reached", async () => {
  const account = new Account();
  account.gateway.reachable = false;
  expect(codeOf(await account.send("consent", { do: "agree" }))[0]).toBe(503);
  expect((await account.look("consent", PERSON)).status).toBe(503);
});
