import { beforeEach, expect, test } from "vitest";
import { readSession } from "../../banner/src/session.ts";
import {
  ImpersonationBanner,
  type ImpersonationBannerProps,
  UnderstudyProvider,
} from "../src/index.ts";
import { FakeUnderstudy, OVER, SESSION } from "./app.ts";
import { after, clearPage, hydrate, show } from "./page.tsx";

let understudy: FakeUnderstudy;

beforeEach(() => {
  understudy = new FakeUnderstudy(SESSION);
});

function app(props: ImpersonationBannerProps = {}) {
  return (
    <UnderstudyProvider understudy={understudy}>
      <ImpersonationBanner {...props} />
    </UnderstudyProvider>
  );
}

function banners(): Element[] {
  return [...document.querySelectorAll("understudy-banner")];
}

function attributes(): object {
  const [banner] = banners();
  return Object.fromEntries(
    [...(banner?.attributes ?? [])].map(({ name, value }) => [name, value]),
  );
}

test("the banner is what the server would have written, first in the page, once", async () => {
  await show(app());
  expect(banners()).toHaveLength(1);
  expect(document.body.firstElementChild).toBe(banners()[0]);
  expect(attributes()).toEqual({
    "data-session": "ses_1",
    "data-state": "/_understudy/state",
    "data-end": "/_understudy/end?_understudy_page=ses_1",
    "data-actor": "Kim",
    "data-actor-email": "kim@app.example",
    "data-subject": "Ada",
    "data-scope": "read_only",
    "data-ends-at": "2026-03-01T12:15:00.000Z",
    "data-idle-seconds": "600",
    "data-server-now": "2026-03-01T12:00:00.000Z",
  });
});

test("the banner's own script can read it", async () => {
  await show(app());
  const [banner] = banners();
  const read = banner instanceof HTMLElement ? readSession(banner.dataset, location.href) : null;
  expect(read).toMatchObject({
    id: "ses_1",
    subject: "Ada",
    actor: "Kim",
    scope: "read_only",
    endsAt: Date.parse("2026-03-01T12:15:00Z"),
    idleAt: Date.parse("2026-03-01T12:10:00Z"),
  });
});

test("without its script it says who works as whom, and ends by a form", async () => {
  await show(app());
  const [banner] = banners();
  expect(banner?.textContent).toContain("You are viewing this app as Ada. Read only.");
  const form = banner?.querySelector("form");
  expect([form?.method, form?.getAttribute("action")]).toEqual([
    "post",
    "/_understudy/end?_understudy_page=ses_1",
  ]);
});

test("its script comes from the app, with the page's nonce", async () => {
  await show(app({ nonce: "n0nce", events: true, home: "/admin" }));
  const scripts = [...document.querySelectorAll("script")];
  expect(scripts.map((script) => [script.getAttribute("src"), script.nonce])).toEqual([
    ["/_understudy/banner.js", "n0nce"],
  ]);
  expect(attributes()).toMatchObject({
    "data-events": "/_understudy/events",
    "data-return": "/admin",
  });
});

test("a banner of the server stands, and nothing is done", async () => {
  document.body.append(document.createElement("understudy-banner"));
  await show(app());
  expect(banners()).toHaveLength(1);
  expect(attributes()).toEqual({});
  expect(document.querySelectorAll("script")).toHaveLength(0);
});

test("where nobody works as anybody there is none", async () => {
  understudy = new FakeUnderstudy(OVER);
  await show(app());
  expect(banners()).toHaveLength(0);
});

test("it stays when the session is over and when its component goes: it says so itself", async () => {
  await show(app());
  await after(() => understudy.tells(OVER));
  const [banner] = banners();
  expect(banner?.isConnected).toBe(true);
  await clearPage();
});

test("a server renders nothing, and the browser puts it in", async () => {
  const { html } = await hydrate(app());
  expect(html).toBe("");
  expect(banners()).toHaveLength(1);
});
