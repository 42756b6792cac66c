import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UnderstudyBanner } from "../src/element.ts";
import { answerAway, answerNothing, answerWith, pass, stream, violate } from "./browser.ts";
import { activeState, at, attributes, part, said } from "./markup.ts";
import { arrive, open } from "./page.ts";

const framed = vi.hoisted(() => ({ value: false }));
vi.mock("../src/frame.ts", () => ({ coveredByTop: () => framed.value }));

let banner: UnderstudyBanner;
const ended = vi.fn();
const onEnded = (event: Event): void => ended((event as CustomEvent).detail);

beforeEach(() => {
  answerNothing();
  ended.mockReset();
  document.addEventListener("understudy:ended", onEnded);
});

afterEach(() => {
  document.removeEventListener("understudy:ended", onEnded);
  banner.retire();
  document.body.replaceChildren();
});

function phase(): string | undefined {
  return part(banner, "section").dataset.phase;
}

describe("what it shows", () => {
  test("who is viewed, by whom, how, why and for how long", () => {
    banner = open();
    expect(said(banner, ".lead")).toBe("Viewing as Ada Lovelace (Acme)");
    expect(said(banner, ".facts")).toBe(
      "You are Sam Support (sam@support.example) Ticket SUP-481 ada@acme.example " +
        "Reason: Cannot see the March invoice",
    );
    expect(said(banner, ".scope")).toBe("Read only");
    expect(said(banner, ".time")).toBe("26:41 left");
    expect(document.title).toBe("● as Ada Lovelace — Invoices");
  });

  test("full access is said in words as well", () => {
    banner = open({ "data-scope": "full" });
    expect(said(banner, ".scope")).toBe("Full access");
  });

  test("where what is hidden may be asked for, if anything may", () => {
    banner = open({ "data-reveal": "/_understudy/reveal?_understudy_page=session-1" });
    expect(said(banner, ".also")).toBe("Hidden fields");
    expect(part(banner, ".also").getAttribute("href")).toContain("/_understudy/reveal?");
    banner.retire();
    banner = open();
    expect(banner.shadowRoot?.querySelector(".also")).toBeNull();
  });

  test("what was not given leaves no gap", () => {
    const names = ["organization", "ticket", "reason", "subject-email", "actor-email"];
    banner = open(Object.fromEntries(names.map((name) => [`data-${name}`, ""])));
    expect(said(banner, ".lead")).toBe("Viewing as Ada Lovelace");
    expect(said(banner, ".facts")).toBe("You are Sam Support");
  });

  test("a name is text and never markup", () => {
    const name = "<img src=x onerror=alert(1)>";
    banner = open({ "data-subject": name });
    expect(banner.shadowRoot?.querySelector("img")).toBeNull();
    expect(said(banner, "strong")).toBe(name);
  });

  test("it sets no style attribute and adds no style element", async () => {
    banner = open({}, 301);
    await pass(2_000);
    (await stream()).ended("{}");
    await pass(2_000);
    const root = banner.shadowRoot;
    expect(root?.querySelectorAll("[style], style, link[rel=stylesheet]")).toHaveLength(0);
    expect(root?.adoptedStyleSheets.length).toBeGreaterThan(0);
  });

  test("the server's own markup stays in the page, out of sight", () => {
    banner = open();
    expect(banner.querySelector("[role=status]")).not.toBeNull();
    expect(part(banner, "slot").hidden).toBe(true);
  });

  test("attributes that describe no session leave the server's own markup visible", () => {
    const other = open({ "data-ends-at": "soon" });
    expect(other.shadowRoot).toBeNull();
    other.remove();
    banner = open();
  });
});

describe("the countdown", () => {
  test("counts seconds, whatever the client's own clock says", async () => {
    banner = open();
    vi.setSystemTime(new Date("1999-12-31T23:59:59Z"));
    await pass(61_000);
    expect(said(banner, ".time")).toBe("25:40 left");
  });

  test("says it in other words and another shape from five minutes on", async () => {
    banner = open({}, 301);
    expect([phase(), said(banner, ".time")]).toEqual(["active", "5:01 left"]);
    await pass(1_000);
    expect([phase(), said(banner, ".time")]).toEqual(["soon", "Ends in 5:00"]);
  });

  test("follows the server when it knows better", async () => {
    banner = open();
    answerWith(activeState(120));
    await pass(2_000);
    await pass(1_000);
    expect(said(banner, ".time")).toBe("Ends in 1:59");
  });

  test("at zero it says that time is up, and asks instead of guessing", async () => {
    banner = open({}, 10);
    answerWith(activeState(0, 10));
    await pass(12_000);
    expect([phase(), said(banner, ".time")]).toEqual(["overdue", "Time is up"]);
    expect(ended).not.toHaveBeenCalled();
    answerWith({ active: false, cause: "expired" });
    await pass(2_000);
    expect(phase()).toBe("ended");
    expect(said(banner, ".facts")).toBe(
      "Nothing you do here is sent as Ada Lovelace any more. Its time ran out.",
    );
  });

  test("where the page's policy forbids connections it counts on and says that it is not live", async () => {
    banner = open({}, 10);
    await pass(0);
    violate("connect-src", new URL("/_understudy/state", location.href).href);
    await pass(12_000);
    expect([phase(), part(banner, "section").dataset.link]).toEqual(["overdue", "blocked"]);
    expect(part(banner, ".back")).toMatchObject({
      textContent: "Reload to make sure",
      href: location.href,
    });
    expect(ended).not.toHaveBeenCalled();
  });
});

describe("a session that rests", () => {
  const stay = (): HTMLElement => part(banner, ".stay");
  const calls = (spy: ReturnType<typeof answerWith>): string[] =>
    spy.mock.calls.map(([url, init]) => `${init.method} ${new URL(url).pathname}`);

  test("shows the nearer end, and a minute before it a way to stay", async () => {
    banner = open({ "data-idle-seconds": "70" });
    expect([phase(), said(banner, ".time")]).toEqual(["active", "1:10 left if idle"]);
    await pass(11_000);
    expect([phase(), said(banner, ".time")]).toEqual(["idle", "Ends in 0:59 if idle"]);
    expect(said(banner, "[role=status]")).toBe(
      "1 minute left in the session as Ada Lovelace, because nothing happens in it. " +
        "Stay keeps it open.",
    );
    expect(stay().textContent).toBe("Stay");
  });

  test("goes on when somebody stays", async () => {
    banner = open({ "data-idle-seconds": "70" });
    await pass(20_000);
    const state = { ...activeState(1_581, 20), idle_ends_at: at(90) };
    const asked = answerWith(state);
    stay().click();
    await pass(1_000);
    expect(calls(asked)).toEqual(["POST /_understudy/stay"]);
    expect([phase(), said(banner, ".time")]).toEqual(["active", "1:09 left if idle"]);
  });

  test("is not warned of before the service was asked whether it still rests", async () => {
    answerWith({ ...activeState(1_601), idle_ends_at: at(70) });
    banner = open({ "data-idle-seconds": "70" });
    (await stream()).open();
    await pass(100);
    const later = answerWith({ ...activeState(1_596, 5), idle_ends_at: at(305) });
    await pass(10_900);
    expect(later).toHaveBeenCalledOnce();
    expect([phase(), said(banner, ".time")]).toEqual(["active", "4:54 left if idle"]);
    expect(said(banner, "[role=status]")).not.toContain("nothing happens");
  });

  test("whose time is nearly up counts down to that", async () => {
    banner = open({ "data-idle-seconds": "600" }, 302);
    await pass(2_000);
    expect([phase(), said(banner, ".time")]).toEqual(["soon", "Ends in 5:00"]);
  });
});

describe("what it says to a screen reader", () => {
  const polite = (): string => said(banner, "[role=status]");

  test("the start in full once for a session, then in short on its other pages", async () => {
    banner = open();
    await pass(150);
    expect(polite()).toBe(
      "You are viewing this app as Ada Lovelace, Acme. Read only. 27 minutes left.",
    );
    banner.retire();
    banner = arrive(attributes());
    await pass(150);
    expect(polite()).toBe("The session as Ada Lovelace goes on.");
  });

  test("five minutes and one minute, once each", async () => {
    banner = open({}, 302);
    const heard: string[] = [];
    for (let second = 0; second < 300; second += 1) {
      await pass(1_000);
      if (polite() && heard.at(-1) !== polite()) heard.push(polite());
    }
    expect(heard.slice(-2)).toEqual([
      "5 minutes left in the session as Ada Lovelace.",
      "1 minute left in the session as Ada Lovelace.",
    ]);
  });

  test("the end at once", async () => {
    banner = open();
    (await stream()).ended("{}");
    await pass(150);
    expect(said(banner, "[role=alert]")).toBe(
      "This session has ended. Nothing you do here is sent as Ada Lovelace any more.",
    );
  });

  test("the running time is a timer and no live region", () => {
    banner = open();
    const timer = part(banner, "[role=timer]");
    expect(timer.closest("[aria-live], [role=status], [role=alert]")).toBeNull();
  });
});

describe("a service that cannot be reached", () => {
  const AWAY = "Understudy cannot be reached. Nothing is shown or sent until it is back.";
  const link = (): string | undefined => part(banner, "section").dataset.link;

  test("is said, aloud as well, and taken back", async () => {
    answerAway();
    banner = open();
    await pass(2_150);
    expect([link(), said(banner, ".offline")]).toEqual(["away", AWAY]);
    expect(said(banner, "[role=alert]")).toBe(AWAY);
    expect(phase()).toBe("active");
    answerWith(activeState(1_601));
    await pass(2_150);
    expect([link(), said(banner, ".offline")]).toEqual(["asking", "Not live"]);
    expect(said(banner, "[role=alert]")).toBe("Understudy is back.");
  });

  test("unfolds a banner that was shrunk, for as long as that lasts", async () => {
    banner = open();
    const toggle = part(banner, ".toggle");
    toggle.click();
    answerAway();
    await pass(6_000);
    expect([link(), toggle.ariaExpanded ?? toggle.getAttribute("aria-expanded")]).toEqual([
      "away",
      "true",
    ]);
    answerWith(activeState(1_601));
    await pass(2_000);
    expect(toggle.getAttribute("aria-expanded")).toBe("false");
    toggle.click();
  });
});

describe("what the app hears", () => {
  const root = document.documentElement;
  const changed = vi.fn();
  const onChanged = (event: Event): void => changed((event as CustomEvent).detail);

  beforeEach(() => {
    changed.mockReset();
    root.removeAttribute("data-understudy-identity-changed");
    document.addEventListener("understudy:identity-changed", onChanged);
  });

  afterEach(() => document.removeEventListener("understudy:identity-changed", onChanged));

  test("nothing while the session lives, and at its end that it is nobody's any more", async () => {
    banner = open();
    expect(root.hasAttribute("data-understudy-identity-changed")).toBe(false);
    (await stream()).ended("{}");
    expect(root.getAttribute("data-understudy-identity-changed")).toBe("");
    expect(changed).toHaveBeenCalledExactlyOnceWith({ page: "session-1", now: null });
  });

  test("whose session the browser holds, where another one took the place", async () => {
    banner = open();
    answerWith({ ...activeState(1_601), session: "session-2" });
    await pass(2_000);
    expect(changed).toHaveBeenCalledExactlyOnceWith({ page: "session-1", now: "session-2" });
  });

  test("once, also where the page's guard has told it before", async () => {
    banner = open();
    root.setAttribute("data-understudy-identity-changed", "");
    (await stream()).ended("{}");
    expect(changed).not.toHaveBeenCalled();
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe("the end", () => {
  test("by the stream switches the banner at once and tells the page once", async () => {
    banner = open();
    (await stream()).ended('{"cause":"revoked","message":"A manager ended it."}');
    expect([phase(), said(banner, ".lead")]).toEqual(["ended", "This session has ended"]);
    expect(said(banner, ".facts")).toBe(
      "Nothing you do here is sent as Ada Lovelace any more. A manager ended it.",
    );
    (await stream()).ended("{}");
    await pass(5_000);
    expect(ended).toHaveBeenCalledExactlyOnceWith({
      cause: "revoked",
      message: "A manager ended it.",
    });
    expect(document.title).toBe("■ session ended — Invoices");
    expect((await stream()).closed).toBe(true);
  });

  test("is found by polling within two seconds where there is no stream", async () => {
    answerWith(activeState(1_601));
    banner = open();
    (await stream()).fail();
    await pass(2_000);
    answerWith({ active: false, ends_at: at(9), server_now: at(9), cause: "revoked" });
    await pass(2_000);
    expect(said(banner, ".facts")).toContain("It was revoked.");
    expect(ended).toHaveBeenCalledExactlyOnceWith({ cause: "revoked", message: "" });
  });

  test("is also a different session in the same browser", async () => {
    banner = open();
    answerWith({ ...activeState(1_601), session: "session-2" });
    await pass(2_000);
    expect(ended).toHaveBeenCalledExactlyOnceWith({ cause: "replaced", message: "" });
    expect(said(banner, ".facts")).toContain("Another session has started in this browser.");
  });

  test("the same session, or a state that names none, goes on", async () => {
    banner = open();
    answerWith({ ...activeState(1_601), session: "session-1" });
    await pass(2_000);
    answerWith(activeState(1_601));
    await pass(4_000);
    expect(ended).not.toHaveBeenCalled();
  });

  test("leads back to where the server says, else to this page without its fragment", async () => {
    banner = open({ "data-return": "/staff" });
    (await stream()).ended("{}");
    expect(part(banner, ".back")).toMatchObject({
      textContent: "Return to my own view",
      href: new URL("/staff", location.href).href,
    });
    banner.retire();
    history.replaceState(null, "", "/orders?page=2#row-7");
    banner = open();
    (await stream()).ended("{}");
    expect(part(banner, ".back")).toMatchObject({
      href: new URL("/orders?page=2", location.href).href,
    });
    history.replaceState(null, "", "/");
  });

  test("does not come undone by a late answer", async () => {
    banner = open();
    (await stream()).ended("{}");
    answerWith(activeState(1_601));
    await pass(60_000);
    expect(phase()).toBe("ended");
  });
});

describe("shrinking", () => {
  const toggle = (): HTMLElement => part(banner, ".toggle");

  test("leaves name and time, and is remembered for the next page of the tab", () => {
    banner = open();
    expect(toggle().getAttribute("aria-expanded")).toBe("true");
    toggle().click();
    expect(toggle().getAttribute("aria-expanded")).toBe("false");
    banner.retire();
    banner = open();
    expect(toggle().getAttribute("aria-expanded")).toBe("false");
    expect([said(banner, "strong"), said(banner, ".time")]).toEqual(["Ada Lovelace", "26:41 left"]);
  });

  test("is a button that a keyboard reaches and a second press undoes", () => {
    banner = open();
    expect(toggle()).toMatchObject({ tagName: "BUTTON", type: "button" });
    toggle().click();
    toggle().click();
    expect(toggle().getAttribute("aria-expanded")).toBe("true");
    expect(sessionStorage.getItem("understudy:shrunk")).toBe("no");
  });

  test("lays one more style sheet over the first, and takes it away", () => {
    banner = open();
    toggle().click();
    expect(banner.shadowRoot?.adoptedStyleSheets).toHaveLength(2);
    toggle().click();
    expect(banner.shadowRoot?.adoptedStyleSheets).toHaveLength(1);
  });

  test("gives way to the end, which is always shown whole", async () => {
    banner = open();
    toggle().click();
    (await stream()).ended("{}");
    expect(banner.shadowRoot?.adoptedStyleSheets).toHaveLength(1);
  });
});

describe("its place in the page", () => {
  test("it comes back when page script takes it out, with the time gone on", async () => {
    banner = open();
    banner.remove();
    await pass(1_000);
    expect(document.body.firstElementChild).toBe(banner);
    expect(said(banner, ".time")).toBe("26:40 left");
  });

  test("it comes back after the app has filled the body anew", async () => {
    banner = open();
    document.body.replaceChildren(document.createElement("main"));
    await pass(0);
    expect(document.body.firstElementChild).toBe(banner);
    expect(document.querySelectorAll("understudy-banner")).toHaveLength(1);
  });

  test("it comes out of a part of the page that is hidden later", async () => {
    banner = open();
    const shell = document.createElement("div");
    document.body.append(shell);
    shell.append(banner);
    banner.checkVisibility = () => true;
    await pass(5_000);
    expect(banner.parentNode).toBe(shell);
    banner.checkVisibility = () => false;
    await pass(1_001); // the look once a second, and the task in which it acts
    expect(banner.parentNode).toBe(document.body);
  });

  test("a newer banner, as soft navigation brings it, takes its place", async () => {
    const first = open();
    first.remove();
    banner = open({ "data-subject": "Grace Hopper" });
    await pass(60_000);
    expect(first.isConnected).toBe(false);
    expect(document.querySelectorAll("understudy-banner")).toHaveLength(1);
    expect(document.title).toBe("● as Grace Hopper — Invoices");
  });

  test("a copy that a framework makes does not start the time again", async () => {
    banner = open();
    await pass(60_000);
    const copy = banner.cloneNode(true) as UnderstudyBanner;
    document.body.replaceChildren(copy);
    banner = copy;
    expect(said(banner, ".time")).toBe("25:41 left");
  });

  test("what is pressed in it does not reach the app's own listeners", () => {
    banner = open();
    const heard = vi.fn();
    document.addEventListener("click", heard);
    part(banner, ".toggle").click();
    document.removeEventListener("click", heard);
    expect(heard).not.toHaveBeenCalled();
  });

  test("a base element that points elsewhere does not lead the form there", () => {
    const base = document.createElement("base");
    base.href = "https://cdn.example/assets/";
    document.head.append(base);
    banner = open();
    expect(part(banner, "form")).toMatchObject({ action: `${location.origin}/_understudy/end` });
    base.remove();
  });

  test("a frame in a page that has the banner shows none of its own", async () => {
    banner = open();
    framed.value = true;
    const inner = arrive(attributes());
    framed.value = false;
    expect(inner.shadowRoot?.childElementCount).toBe(0);
    inner.remove();
    await pass(5_000);
    expect([inner.isConnected, phase()]).toEqual([false, "active"]);
  });
});
