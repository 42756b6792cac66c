import { expect, it } from "vitest";
import * as errors from "../src/core/errors.ts";

const classes = Object.values(errors);

it.each(classes.map((one) => [one.name, one] as const))("%s has a code of its own", (_, one) => {
  expect(classes.filter((other) => other.code === one.code)).toEqual([one]);
});

it("says its class's text unless told another", () => {
  expect(new errors.SessionOver().detail).toBe("The impersonation session has ended.");
  expect(new errors.SessionOver("Gone.").message).toBe("Gone.");
  expect(new errors.SessionOver()).toMatchObject({ code: "session_over", status: 401 });
});

it("carries facts, and for operators alone what is internal", () => {
  const refused = new errors.Refused(null, "self", "why");
  expect(refused).toMatchObject({ rule: "self", facts: { rule: "self" }, internal: "why" });
  expect(refused).toBeInstanceOf(errors.UnderstudyError);
});
