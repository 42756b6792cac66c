import { afterEach, beforeEach, expect, test } from "vitest";
import { Held } from "../../src/cache.ts";
import { Asked, Refuse, UNAVAILABLE } from "../../src/guard.ts";
import { OF_ANOTHER, UNMARKED } from "../../src/pageJudge.ts";
import { isMismatch, mismatchAnswer } from "../../src/passage/mismatch.ts";
import { Request } from "../../src/passage/request.ts";
import { Secret } from "../../src/secret.ts";
import type { OpenOptions } from "../../src/testing/index.ts";
import { allOf, PERSON, text, VisitedApp } from "../visiting.ts";

let app: VisitedApp;
beforeEach(() => {
  app = new VisitedApp();
});
afterEach(() => app.understudy.close());

async function served(options: OpenOptions = {}): Promise<Held> {
  const { token } = app.gateway.open(options);
  const held = await app.understudy.runtime().sessions.refresh(new Secret(token));
  if (!(held instanceof Held)) throw new Error("the session is over");
  return held;
}

interface Asking {
  readonly method?: string;
  readonly person?: boolean;
  readonly mark?: string | null;
  readonly socket?: boolean;
}

function asked({ method = "GET", person = true, mark = null, socket = false }: Asking = {}) {
  return new Request({
    asked: new Asked({ cookie: "", methods: [method], paths: ["/a"], socket, mark }),
    method,
    path: "/a",
    base: "",
    origin: "https://app.example",
    headers: new Map(person ? PERSON : []),
    address: null,
    query: "b=c",
  });
}

const refused = (code = OF_ANOTHER, held: Held | null = null) => new Refuse(409, code, { held });

function page(request: Request, refuse: Refuse): string {
  const typed = [{ name: "text", value: "Dear Ada" }];
  const parts = { routes: app.routes, runtime: app.understudy.runtime(), typed };
  const answer = mismatchAnswer(request, refuse, parts);
  expect([answer.status, allOf(answer, "set-cookie")]).toEqual([409, []]);
  return text(answer);
}

test("it is for people, and for marks alone", () => {
  expect([isMismatch(asked(), refused()), isMismatch(asked(), refused(UNMARKED))]).toEqual([
    true,
    true,
  ]);
  expect(isMismatch(asked({ person: false }), refused())).toBe(false);
  expect(isMismatch(asked({ socket: true }), refused())).toBe(false);
  expect(isMismatch(asked(), UNAVAILABLE)).toBe(false);
});

test("it says whose page it was, and whose the browser is now", async () => {
  const ada = await served({ subject: { id: "1", name: "Ada" } });
  const bob = await served({ subject: { id: "2", name: "Bob" } });
  const request = asked({ method: "POST", mark: ada.session.id });
  const told = page(request, refused(OF_ANOTHER, bob));
  expect(told).toContain("opened <b>as Ada</b>");
  expect(told).toContain("now works as <b>Bob</b>");
  expect(told).toContain("Dear Ada</textarea>");
});

test("whom somebody else works as is told to nobody", async () => {
  const theirs = await served({ actor: { id: "opr_other" }, subject: { name: "Secret" } });
  for (const held of [await served(), null]) {
    const told = page(asked({ mark: theirs.session.id }), refused(OF_ANOTHER, held));
    expect(told).toContain("opened <b>in another session</b>");
    expect(told).not.toContain("Secret");
  }
});

test("a page leads to what it asked for, and a form is not sent again", () => {
  const read = page(asked({ mark: "ses_x" }), refused());
  expect(read).toContain('href="/a?b=c">Open it as yourself</a>');
  const sent = page(asked({ method: "POST", mark: "ses_x" }), refused());
  expect(sent).not.toContain("Open it as");
});

test("reading that changes something says first for whom", async () => {
  const held = await served({ subject: { name: "Ada" } });
  const told = page(asked(), refused(UNMARKED, held));
  expect(told).toContain("It will be done for <b>Ada</b>");
  expect(told).toContain(`href="/a?b=c&amp;_understudy_page=${held.session.id}"`);
  expect(page(asked(), refused(UNMARKED))).toContain('href="/a?b=c&amp;_understudy_page=own"');
});
