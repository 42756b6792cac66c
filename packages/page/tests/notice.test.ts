import { beforeEach, expect, test, vi } from "vitest";
import { reloadPage } from "../src/navigation.ts";
import { Notice } from "../src/notice.ts";
import { pageOfA, work } from "./browser.ts";

const reload = vi.fn();
let notice: Notice;

beforeEach(() => {
  notice?.hide();
  reload.mockClear();
  notice = new Notice("ses_A", reload);
});

function host(): Element | null {
  return document.querySelector("understudy-notice");
}

function said(): string | null | undefined {
  return host()?.shadowRoot?.querySelector("[role=alert]")?.textContent;
}

function room(): string | undefined {
  return document.adoptedStyleSheets.at(-1)?.cssRules[0]?.cssText;
}

function banner(session: string, subject: string): void {
  const element = document.createElement("understudy-banner");
  Object.assign(element.dataset, { session, subject });
  document.body.append(element);
}

test("it says whose page this is, in the banner's words", () => {
  banner("ses_A", "Ada\u202e  Lovelace");
  notice.show("own");
  expect(said()).toBe(
    "This page belongs to the session as Ada Lovelace. " +
      "You now work as yourself in this browser. Nothing can be sent from it.",
  );
});

test("a banner of another session says nothing about this page", () => {
  banner("ses_B", "Bob");
  notice.show("ses_B");
  expect(said()).toMatch(/^This page belongs to another session. You now work as somebody else/);
});

test("a long name is cut", () => {
  banner("ses_A", "N".repeat(200));
  notice.show("own");
  expect(said()).toContain(`as ${"N".repeat(60)}….`);
});

test("the agent's own page is said to be that", () => {
  notice = new Notice("own", reload);
  notice.show("ses_A");
  expect(said()).toMatch(/^This page belongs to your own sign-in\./);
});

test("shown again it is there once, also where the page has taken it out", () => {
  notice.show("own");
  host()?.remove();
  notice.show("own");
  notice.show("own");
  expect(document.querySelectorAll("understudy-notice")).toHaveLength(1);
});

test("it takes the banner's place, and only what it needs beyond that", () => {
  const heights: Record<string, number> = { "understudy-notice": 84, "understudy-banner": 54 };
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockImplementation(function (
    this: HTMLElement,
  ) {
    return heights[this.localName] ?? 0;
  });
  notice.show("own");
  expect(room()).toContain("84px");
  banner("ses_A", "Ada");
  notice.show("own");
  expect(room()).toContain("30px");
});

test("hidden it leaves nothing", () => {
  const sheets = [...document.adoptedStyleSheets];
  notice.show("own");
  expect(document.adoptedStyleSheets).toHaveLength(sheets.length + 1);
  notice.hide();
  expect(host()).toBeNull();
  expect([...document.adoptedStyleSheets]).toEqual(sheets);
});

test("its button asks for the page anew", () => {
  notice.show("own");
  host()?.shadowRoot?.querySelector("button")?.click();
  expect(reload).toHaveBeenCalledOnce();
});

test.each([
  ["", ["reload"]],
  ["?a=1", ["reload"]],
  ["?_understudy_page=A", ["replace", "/shop"]],
  ["?a=1&_understudy_page=A", ["replace", "/shop?a=1"]],
])("a page at %o is reloaded by %o", (search, calls) => {
  const place = { pathname: "/shop", search, reload: vi.fn(), replace: vi.fn() };
  const identity = pageOfA();
  work("B");
  reloadPage(identity, place as unknown as Location);
  const done =
    place.reload.mock.calls.length > 0
      ? ["reload"]
      : ["replace", ...place.replace.mock.calls.flat()];
  expect(done).toEqual(calls);
  expect(identity.withholds("/shop")).toBe(calls[0] === "reload");
});
