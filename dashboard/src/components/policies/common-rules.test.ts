import { expect, it } from "vitest";
import { COMMON_RULES, withRule } from "./common-rules";

const ALL = `@id("everybody")\npermit (principal, action, resource);\n`;
const rule = (key: string) => {
  const found = COMMON_RULES.find((one) => one.key === key);
  if (found === undefined) throw new Error(key);
  return found;
};

it("writes each rule behind what is there, under a name of its own", () => {
  const once = withRule(ALL, rule("role"), " finance ");
  expect(once).toBe(
    `${ALL}\n@id("role")\nforbid (principal, action, resource)\nwhen { resource.roles.contains("finance") };\n`,
  );
  expect(withRule(once, rule("role"), "sales")).toContain(`@id("role-2")`);
});

it("writes tags as they are stored, and groups as they are called", () => {
  expect(withRule(ALL, rule("tag"), " VIP ")).toContain(
    `@approvals("1")\npermit (principal, action, resource)\nwhen { resource.tags.contains("vip") };`,
  );
  expect(withRule(ALL, rule("group"), "billing")).toContain(
    `forbid (principal, action, resource)\nunless { principal.groups.contains("billing") };`,
  );
  expect(rule("group").fits("Billing")).toBe(false);
});

it("takes nothing into a blank that would write more than the blank", () => {
  for (const { fits, hint } of COMMON_RULES) {
    expect(fits(hint)).toBe(true);
    expect(fits(`x") || true || ("`)).toBe(false);
    expect(fits("")).toBe(false);
  }
});
