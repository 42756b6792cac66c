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

it("takes nothing into a blank that would write more than the blank", () => {
  for (const { fits, hint } of COMMON_RULES) {
    expect(fits(hint)).toBe(true);
    expect(fits(`x") || true || ("`)).toBe(false);
    expect(fits("")).toBe(false);
  }
});
