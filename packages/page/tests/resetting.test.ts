import { expect, test, vi } from "vitest";
import { resetWhenShown } from "../src/resetting.ts";
import { Roots } from "../src/roots.ts";
import { field, type } from "./fields.ts";

/** Fields with the server's values; the answer tells what stands in them. */
function page(roots: Roots): () => string[] {
  const form = document.createElement("form");
  const inShadow = document.createElement("form");
  const host = document.createElement("div");
  host.attachShadow({ mode: "closed" }).append(inShadow);
  const holders = [form, document.body, inShadow];
  document.body.append(form, host);
  const fields = holders.map((holder) => field(holder, "given"));
  resetWhenShown(roots);
  for (const one of fields) type(one, "A's");
  return () => fields.map((one) => one.value);
}

test.each([
  ["before scripts that wait for the page read it", document, "readystatechange"],
  ["when the browser is through with what it remembers", window, "pageshow"],
])("fields are as the server made them %s", (_when, target, event) => {
  const values = page(new Roots(vi.fn()));
  expect(values()).toEqual(["A's", "A's", "A's"]);
  target.dispatchEvent(new Event(event));
  expect(values()).toEqual(["given", "given", "given"]);
});

test("what is typed afterwards stays", () => {
  const roots = new Roots(vi.fn());
  const values = page(roots);
  window.dispatchEvent(new Event("pageshow"));
  for (const one of document.querySelectorAll("input")) type(one, "B's");
  window.dispatchEvent(new Event("pageshow"));
  expect(values().slice(0, 2)).toEqual(["B's", "B's"]);
});

test("once the page is there, roots are kept no longer", () => {
  const roots = new Roots(vi.fn());
  page(roots);
  expect([...roots.early()]).toHaveLength(2);
  roots.settle();
  page(roots);
  expect([...roots.early()]).toEqual([]);
});

test("a choice without a form is the one of the markup, else the first", () => {
  const choice = document.createElement("select");
  choice.append(new Option("1"), new Option("2"));
  document.body.append(choice);
  choice.selectedIndex = 1;
  resetWhenShown(new Roots(vi.fn()));
  window.dispatchEvent(new Event("pageshow"));
  expect(choice.selectedIndex).toBe(0);
});
