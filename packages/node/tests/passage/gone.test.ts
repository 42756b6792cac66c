import { afterAll, expect, test } from "vitest";
import { Ended } from "../../src/cache.ts";
import { Asked } from "../../src/guard.ts";
import { goneAnswer } from "../../src/passage/gone.ts";
import { Request } from "../../src/passage/request.ts";
import { Secret } from "../../src/secret.ts";
import { WayBack } from "../../src/wayBack.ts";
import { anOpened, SESSION, TOKEN } from "../support/sample.ts";
import { allOf, PERSON, text, told, VisitedApp } from "../visiting.ts";

const { understudy, routes } = new VisitedApp();
afterAll(() => understudy.close());

interface Going {
  readonly method?: string;
  readonly person?: boolean;
  readonly socket?: boolean;
  readonly cookie?: string;
}

function gone({ method = "GET", person = true, socket = false, cookie }: Going = {}) {
  const request = new Request({
    asked: new Asked({
      cookie: cookie ?? "__Host-understudy=x; a=b",
      methods: [method],
      paths: ["/"],
      socket,
    }),
    method,
    path: "/",
    base: "",
    origin: "https://x.example",
    headers: new Map(person ? PERSON : []),
    address: null,
  });
  const typed = method === "POST" ? [{ name: "text", value: "Dear <Ada>" }] : [];
  return goneAnswer(request, new Ended("idle", SESSION), routes, typed);
}

test("a program, and who opens a live connection, is told why", () => {
  for (const answer of [gone({ person: false }), gone({ socket: true })]) {
    expect(told(answer)).toMatchObject({ status: 410, code: "session_over", cause: "idle" });
  }
});

test("a person reads it, and that nothing was saved of what is given back", () => {
  expect(text(gone())).toContain("This address belonged to it alone");
  expect(text(gone())).not.toContain("nothing was saved or changed");
  const sent = gone({ method: "POST" });
  expect([sent.status, text(sent)]).toEqual([410, expect.stringContaining("nothing was saved")]);
  expect(text(sent)).toContain("Dear &lt;Ada&gt;</textarea>");
});

test("whoever started in the app goes back to where that was", () => {
  const kept = new WayBack(new Secret("a key for tests")).kept(
    "https://app.test/admin",
    anOpened(),
  );
  const cookie = `__Host-understudy=${TOKEN.reveal()}; ${kept.split(";")[0]}`;
  expect(text(gone({ cookie }))).toContain('href="https://app.test/admin"');
  expect(text(gone())).not.toContain("app.test/admin");
});

test("nothing of the session stays in the browser", () => {
  expect(allOf(gone(), "clear-site-data")).toEqual(['"cache", "storage"']);
  const removed = allOf(gone(), "set-cookie").map((cookie) => cookie.split("=")[0]);
  expect(removed).toEqual(["__Host-understudy"]);
});
