import { expect, test } from "vitest";
import { Secret } from "../src/secret.ts";
import { forgotten, WayBack } from "../src/wayBack.ts";
import { anOpened, TOKEN } from "./support/sample.ts";
import { allOf, PERSON, text, told, VisitedApp } from "./visiting.ts";

const EPOCH = "__Host-understudy-epoch";

const OWN = ["sec-fetch-site", "same-origin"] as const;

test("an End ends the session, and keeps the browser known", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  const left = await app.visit("POST", "end", { session, headers: [OWN] });
  expect(told(left)).toMatchObject({ active: false, ended: true });
  expect(await app.gateway.waitUntilEnded(session.id)).toBe("ended_by_actor");
  const cookies = allOf(left, "set-cookie");
  expect(cookies[0]).toContain("__Host-understudy=; Path=/; Max-Age=0");
  expect(cookies.some((cookie) => cookie.startsWith(`${EPOCH}=1`))).toBe(true);
  expect(allOf(left, "clear-site-data")).toEqual(['"cache"']);
});

test("an End works while the service does not, and where there are two cookies", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  app.gateway.reachable = false;
  expect((await app.visit("POST", "end", { session, headers: [OWN] })).status).toBe(200);
  const two = `__Host-understudy=a; __Host-understudy=b`;
  const left = await app.visit("POST", "end", { headers: [OWN, ["cookie", two]] });
  expect(allOf(left, "set-cookie")[0]).toContain("Max-Age=0");
});

test("another site, and a page of another session, end nothing", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  const evil = [["sec-fetch-site", "cross-site"]] as const;
  expect((await app.visit("POST", "end", { session, headers: evil })).status).toBe(403);
  const query = "_understudy_page=ses_of_another";
  const other = await app.visit("POST", "end", { session, query, headers: [OWN] });
  expect([other.status, told(other).code]).toEqual([409, "page_of_another_session"]);
  expect(app.gateway.ended(session.id)).toBeNull();
  const page = await app.visit("POST", "end", { session, query, headers: [OWN, ...PERSON] });
  expect(text(page)).toContain("Nothing was ended");
});

test("an End leads on, or back to the page", async () => {
  const app = new VisitedApp();
  const session = app.gateway.open();
  const left = await app.visit("POST", "end", { session, headers: [OWN, ...PERSON] });
  expect(allOf(left, "refresh")[0]).toContain("0; url=https://understudy.test/");
  const inPlace = new VisitedApp({ afterEnd: "page" });
  const referer = ["referer", "https://app.test/orders?_understudy_page=x&a=1"] as const;
  const headers = [OWN, ...PERSON, referer];
  const back = await inPlace.visit("POST", "end", { session: inPlace.gateway.open(), headers });
  expect([back.status, ...allOf(back, "location")]).toEqual([303, "/orders?a=1"]);
  expect(() => new VisitedApp({ afterEnd: "nowhere" as never })).toThrow("afterEnd");
});

test("a way back is its own session's alone, and no other place", () => {
  const ways = new WayBack(new Secret("key"));
  const kept = ways.kept("/users?page=2", anOpened());
  const [cookie = ""] = kept.split(";");
  expect(ways.of(cookie, TOKEN)).toBe("/users?page=2");
  expect(ways.of(cookie, new Secret("uss_another"))).toBeNull();
  expect(ways.of(cookie.slice(0, -1), TOKEN)).toBeNull();
  expect(ways.of(`${cookie}.x`, TOKEN)).toBeNull();
  expect(ways.of(`${cookie}; ${cookie}`, TOKEN)).toBeNull();
  expect(new WayBack(new Secret("another")).of(cookie, TOKEN)).toBeNull();
  const [outside = ""] = ways.kept("//evil.example", anOpened()).split(";");
  expect(ways.of(outside, TOKEN)).toBeNull();
  const [whole = ""] = ways.kept("https://app.test/users", anOpened()).split(";");
  expect(ways.of(whole, TOKEN)).toBe("https://app.test/users");
  expect(forgotten(cookie)[0]).toContain("Max-Age=0");
  expect(forgotten("a=1")).toEqual([]);
});
