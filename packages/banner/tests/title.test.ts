import { afterEach, beforeEach, expect, test } from "vitest";
import { TitleMark } from "../src/title.ts";
import { pass } from "./browser.ts";

let mark: TitleMark;

beforeEach(() => {
  mark = new TitleMark();
  mark.show("● as Ada");
});

afterEach(() => mark.stop());

test("the title carries the prefix", () => {
  expect(document.title).toBe("● as Ada — Invoices");
});

test("a title that the app changes gets the prefix again", async () => {
  document.title = "Orders";
  await pass(0);
  expect(document.title).toBe("● as Ada — Orders");
});

test("a title that the app builds from the marked one has the prefix once", async () => {
  document.title = `(3) ${document.title}`;
  await pass(0);
  expect(document.title).toBe("● as Ada — (3) Invoices");
});

test("a page without a title has the prefix alone", async () => {
  document.title = "";
  await pass(60_000);
  expect(document.title).toBe("● as Ada —");
});

test("another prefix takes the place of the first", () => {
  mark.show("■ session ended");
  expect(document.title).toBe("■ session ended — Invoices");
});

test("a head that was replaced is watched as well", async () => {
  const head = document.createElement("head");
  document.head.replaceWith(head);
  mark.keep();
  document.title = "Orders";
  await pass(0);
  expect(document.title).toBe("● as Ada — Orders");
});

test("a script that insists on its own title is answered ten times in ten seconds", async () => {
  let rounds = 0;
  const rival = new MutationObserver(() => {
    if (document.title === "Mine") return;
    rounds += 1;
    document.title = "Mine";
  });
  rival.observe(document.head, { childList: true, subtree: true, characterData: true });
  document.title = "Mine";
  await pass(9_000);
  rival.disconnect();
  expect(rounds).toBe(9); // the tenth was the prefix of the page itself
});

test("the page has its own title back when the mark goes", () => {
  mark.stop();
  expect(document.title).toBe("Invoices");
});
