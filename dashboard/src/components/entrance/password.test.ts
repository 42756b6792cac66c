// @vitest-environment node
import { expect, it } from "vitest";
import { passwordProblem } from "./password";

it("takes twelve characters, however many bytes they are", () => {
  expect(passwordProblem("elevenchars")).toBe("At least 12 characters; this has 11");
  expect(passwordProblem("twelve chars")).toBeNull();
  expect(passwordProblem("😀".repeat(11))).not.toBeNull();
  expect(passwordProblem("x".repeat(1_025))).not.toBeNull();
});
