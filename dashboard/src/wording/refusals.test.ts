// @vitest-environment node
import { expect, it } from "vitest";
import policy from "../../../src/understudy/core/rules/policy.py?raw";
import { REFUSALS, refusalOf } from "./refusals";

it("has words for every rule of the domain, and for no other", () => {
  const [, body = ""] = /class Rule\(StrEnum\):([\s\S]*?)\n\n\n/.exec(policy) ?? [];
  const rules = [...body.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm)].map(([, rule]) => rule);
  expect(rules.length).toBeGreaterThan(20);
  expect(Object.keys(REFUSALS).sort()).toEqual(rules.sort());
});

it("names a rule that a newer service knows", () => {
  expect(refusalOf("quorum_missing").says).toContain("quorum_missing");
  expect(refusalOf("toString").says).toContain("toString");
});
