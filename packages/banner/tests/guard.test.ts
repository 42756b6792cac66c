import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Guard } from "../src/guard.ts";
import { pass } from "./browser.ts";

let host: HTMLElement;
let guard: Guard;

beforeEach(() => {
  host = document.createElement("aside");
  document.body.replaceChildren(document.createElement("main"));
  document.body.prepend(host);
  guard = new Guard(host);
});

afterEach(() => guard.stop());

test("a host that is in the page is left alone", async () => {
  const prepend = vi.spyOn(document.body, "prepend");
  guard.check();
  await pass(60_000);
  expect(prepend).not.toHaveBeenCalled();
});

test("a removed host is back at the start of the body, once the script is through", async () => {
  host.remove();
  guard.check();
  expect(host.isConnected).toBe(false);
  await pass(0);
  expect(document.body.firstElementChild).toBe(host);
});

test("a new body gets the host as well", async () => {
  const body = document.createElement("body");
  document.body.replaceWith(body);
  guard.check();
  await pass(0);
  expect(body.firstElementChild).toBe(host);
});

test("a host that was moved into a hidden part comes out of it", async () => {
  const hidden = document.createElement("div");
  document.body.append(hidden);
  hidden.append(host);
  host.checkVisibility = () => false;
  guard.check();
  await pass(0);
  expect(host.parentNode).toBe(document.body);
});

test("a host that was moved to a visible place stays there", async () => {
  const shell = document.createElement("div");
  document.body.append(shell);
  shell.append(host);
  host.checkVisibility = () => true;
  guard.check();
  await pass(60_000);
  expect(host.parentNode).toBe(shell);
});

test("against a script that removes it again and again it acts five times in ten seconds", async () => {
  let returns = 0;
  for (let elapsed = 0; elapsed < 9_900; elapsed += 100) {
    if (host.isConnected) {
      returns += 1;
      host.remove();
      guard.check();
    }
    await pass(100);
  }
  expect(returns).toBe(6); // in the page at first, then five returns
  await pass(10_000);
  expect(host.isConnected).toBe(true);
});

test("a stopped guard lets the host go", async () => {
  host.remove();
  guard.check();
  guard.stop();
  await pass(60_000);
  expect(host.isConnected).toBe(false);
});

test.each(["htmx:afterSwap", "htmx:afterSettle", "htmx:historyRestore", "turbo:render"])(
  "whoever goes from page to page by %s sees it at once, however fast",
  (type) => {
    for (let page = 0; page < 20; page += 1) {
      document.body.replaceChildren(document.createElement("main"));
      guard.check();
      document.body.dispatchEvent(new Event(type, { bubbles: true }));
      expect(document.body.firstElementChild).toBe(host);
    }
  },
);

test("a swap that leaves it in the page moves nothing", () => {
  const prepend = vi.spyOn(document.body, "prepend");
  document.body.dispatchEvent(new Event("htmx:afterSwap", { bubbles: true }));
  expect(prepend).not.toHaveBeenCalled();
});

test("a stopped guard brings nothing back behind a swap either", () => {
  guard.stop();
  host.remove();
  document.body.dispatchEvent(new Event("htmx:afterSwap", { bubbles: true }));
  expect(host.isConnected).toBe(false);
});
