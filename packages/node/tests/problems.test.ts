import { describe, expect, test } from "vitest";
import * as errors from "../src/core/errors.ts";
import { causeOf, errorFrom, mayBeDone } from "../src/problems.ts";

const body = (fields: object) => Buffer.from(JSON.stringify({ detail: "Told so.", ...fields }));

test.each([
  [401, "token_invalid", errors.TokenInvalid],
  [401, "session_over", errors.SessionOver],
  [401, "not_signed_in", errors.NotSignedIn],
  [404, "not_found", errors.NotFound],
  [422, "invalid_input", errors.InvalidInput],
])("a known code is that error: %i %s", (status, code, kind) => {
  const error = errorFrom(status, body({ code }));
  expect(error.constructor).toBe(kind);
  expect([error.code, error.detail]).toEqual([code, "Told so."]);
});

test("a refusal names its rule", () => {
  const error = errorFrom(403, body({ code: "refused", rule: "subject_protected" }));
  expect(error).toBeInstanceOf(errors.Refused);
  expect(error.facts).toEqual({ rule: "subject_protected" });
});

test("the cause of an end is read, and none is made up", () => {
  expect(causeOf(errorFrom(401, body({ code: "session_over", rule: "idle" })))).toBe("idle");
  expect(causeOf(errorFrom(401, body({ code: "session_over", rule: "newer" })))).toBeNull();
  expect(causeOf(new errors.TokenInvalid())).toBeNull();
});

describe("what the service did not say is no word about a session", () => {
  test.each([
    [404, Buffer.from("<html>no such page</html>")],
    [404, Buffer.from("{}")],
    [401, body({ code: "invented" })],
    [401, body({ code: 5 })],
    [401, Buffer.from('{"code": "token_invalid", "code": "session_over"}')],
    [502, body({ code: "token_invalid" })],
    [503, body({ code: "unavailable" })],
    [302, Buffer.from("")],
  ])("%i %s", (status, content) => {
    const error = errorFrom(status, content);
    expect(error.constructor).toBe(errors.Unavailable);
    expect(error.facts).toEqual({ status });
  });
});

test.each([
  [200, body({}), false],
  [422, body({ code: "outcome_unknown" }), false],
  [502, Buffer.from("<html>"), true],
  [500, body({ code: "internal_error" }), true],
  [503, body({ code: "unavailable" }), false],
  [503, body({ code: "outcome_unknown" }), true],
])("whether it may have been done: %i %s", (status, content, done) => {
  expect(mayBeDone(status, content)).toBe(done);
});
