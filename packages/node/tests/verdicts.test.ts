import { expect, test } from "vitest";
import * as errors from "../src/core/errors.ts";
import { PROXY_TRIES, verdictOn } from "../src/verdicts.ts";

const unavailable = (status: number) => new errors.Unavailable(null, { facts: { status } });

test.each([new errors.SessionOver(), new errors.TokenInvalid(), new errors.NotFound()])(
  "only over, unknown and not found finish: $code",
  (error) => {
    expect(verdictOn(error, 1)).toBe("finished");
  },
);

test.each([
  new errors.NotSignedIn(),
  new errors.AlreadyExists(),
  new errors.Unavailable(),
  unavailable(401),
  unavailable(429),
  unavailable(503),
])("everything that may be otherwise later is kept: $code $facts.status", (error) => {
  expect([verdictOn(error, 1), verdictOn(error, 1000)]).toEqual(["keep", "keep"]);
});

test.each([new errors.InvalidInput(), unavailable(413)])(
  "what is too large or not taken is split at once: $code",
  (error) => {
    expect(verdictOn(error, 1)).toBe("split");
  },
);

test("a proxy that refuses is tried again before anything is split", () => {
  expect(verdictOn(unavailable(400), PROXY_TRIES - 1)).toBe("keep");
  expect(verdictOn(unavailable(400), PROXY_TRIES)).toBe("split");
});
