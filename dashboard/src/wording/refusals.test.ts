// @vitest-environment node
import { expect, it } from "vitest";
import { refusalOf } from "./refusals";

it("has the words of a rule of the domain", () => {
  expect(refusalOf("subject_protected")).toEqual({
    says: "This user is protected from impersonation.",
    lift: "An admin can lift the protection, in the menu beside the user.",
  });
});

it("has words for what stands in place of rules that are not told", () => {
  expect(refusalOf("subject_unavailable").says).toContain("no such user");
});

it("names a rule that a newer service knows", () => {
  expect(refusalOf("quorum_missing").says).toContain("quorum_missing");
  expect(refusalOf("toString").says).toContain("toString");
});
