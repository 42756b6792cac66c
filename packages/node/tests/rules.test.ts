import { expect, it } from "vitest";
import { Rulebook, rulebook } from "../src/core/restrictions.ts";
import { Insertion } from "../src/insertion.ts";

const SOON = 1000;

function block(pattern: string): Rulebook {
  return new Rulebook([{ method: "*", pattern, label: "It" }]);
}

it.each([
  "/**/a/**/b/**/c/**/d/**/end",
  "/{a:path}/{b:path}/{c:path}/{d:path}/end",
  "/{a}{b}{c}{d}{e}{f}{g}{h}end",
  "/{a}-{b}-{c}-{d}-{e}-{f}-end",
])("follows %s along a long path in little time", (pattern) => {
  const begin = performance.now();
  const path =
    pattern.includes("**") || pattern.includes("path")
      ? "/x/a".repeat(700)
      : "/x-".padEnd(2000, "-");
  expect(block(pattern).blocked(["GET"], [path])).toBeNull();
  expect(performance.now() - begin).toBeLessThan(SOON);
});

it("remembers an answer for what was asked alone", () => {
  const rules = block("/a\nb");
  expect(rules.blocked(["GET"], ["/a", "b"])).toBeNull();
  expect(rules.blocked(["GET"], ["/x"])).toBeNull();
  expect(block("/a").blocked(["GET", "/a"], ["/b"])).toBeNull();
  expect(block("/b").blocked(["GET"], ["/a", "/b"])).toEqual({
    code: "action_blocked",
    label: "It",
  });
});

it("goes on to answer when more was asked than it remembers", () => {
  const rules = block("/a/{id}");
  for (let number = 0; number < 600; number += 1) rules.blocked(["GET"], [`/${number}`]);
  expect(rules.blocked(["GET"], ["/a/1"])).not.toBeNull();
  expect(rules.blocked(["GET"], ["/0"])).toBeNull();
});

it("has one rulebook for all sessions of an application", () => {
  const actions = [{ method: "GET", pattern: "/a", label: "A" }];
  expect(rulebook(actions)).toBe(rulebook([...actions]));
  expect(rulebook([{ method: "GET", pattern: "/a", label: "B" }])).not.toBe(rulebook(actions));
});

it.each([
  ["signs that open nothing", "<".repeat(200_000)],
  ["a tag without end", `<a ${"x".repeat(2_000_000)}`],
  ["quotes", `<a ${"'\"".repeat(100_000)}`],
  ["comments without end", "<!--".repeat(50_000)],
  ["scripts without end", "<script>".repeat(25_000)],
])("finds its place among %s in little time", (_, page) => {
  const begin = performance.now();
  const insertion = new Insertion(Buffer.from("[banner]"));
  const sent = [insertion.feed(Buffer.from(page)), insertion.finish()];
  expect(Buffer.concat(sent).toString()).toBe(`[banner]${page}`);
  expect(performance.now() - begin).toBeLessThan(SOON);
});
