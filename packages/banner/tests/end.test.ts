import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { wireEnd } from "../src/end.ts";
import { View } from "../src/view.ts";
import { pass, violate } from "./browser.ts";
import { session } from "./page.ts";

let view: View;
let closed: AbortController;
const follow = vi.fn();

beforeEach(() => {
  follow.mockReset();
  closed = new AbortController();
  view = new View(session());
  wireEnd(view, closed.signal);
  vi.spyOn(view.confirmLink, "click").mockImplementation(follow);
});

afterEach(() => closed.abort());

/** Whether the browser would send the form. */
function press(): boolean {
  return view.form.dispatchEvent(new Event("submit", { cancelable: true }));
}

test("the button posts a real form to the end address", () => {
  expect([view.form.method, view.form.action]).toEqual([
    "post",
    "https://app.example/_understudy/end",
  ]);
  expect(view.endButton.type).toBe("submit");
  expect(press()).toBe(true);
});

test("a second press while the first is under way sends nothing", () => {
  press();
  expect(view.endButton.textContent).toBe("Ending…");
  expect(press()).toBe(false);
});

test("after five seconds without a new page it can be pressed again", async () => {
  press();
  await pass(5_000);
  expect(view.endButton.textContent).toBe("End session");
  expect(press()).toBe(true);
});

test("a page that comes back from the browser's cache has a fresh button", () => {
  press();
  window.dispatchEvent(new Event("pageshow"));
  expect(view.endButton.textContent).toBe("End session");
});

test("where the page's policy forbids the form, the confirm page is opened instead", () => {
  press();
  violate("form-action", "https://app.example/_understudy/end");
  expect(follow).toHaveBeenCalledTimes(1);
  expect(view.endButton.textContent).toBe("End session");
});

test("a violation by a form of the app, or one that is only reported, moves nobody", () => {
  violate("form-action", "https://app.example/login");
  press();
  violate("form-action", "https://app.example/_understudy/end", "report");
  violate("connect-src", "https://app.example/_understudy/state");
  expect(follow).not.toHaveBeenCalled();
});
