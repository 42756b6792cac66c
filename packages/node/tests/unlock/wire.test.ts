/** A change in the form of a page, which anybody may have made up. */

import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MalformedRequest, Unavailable } from "../../src/core/errors.ts";
import { packed, printWrite, readAskedFor, readSpent, unpacked } from "../../src/unlock/wire.ts";

const WRITE = {
  method: "POST",
  host: "app.test",
  path: "/plan",
  mediaType: "",
  query: [["a", "ä"]] as const,
  fields: [],
};

function madeUp(text: string): string {
  return deflateSync(text).toString("base64url");
}

test("what is packed is what comes out", () => {
  expect(unpacked(packed(WRITE))).toEqual(WRITE);
});

test.each([
  "",
  "ä",
  "AAAA",
  madeUp(""),
  madeUp("[]"),
  madeUp("{}"),
  madeUp("null"),
  madeUp(JSON.stringify({ ...printWrite(WRITE), more: 1 })),
  madeUp(JSON.stringify({ ...printWrite(WRITE), path: 1 })),
  madeUp(JSON.stringify({ ...printWrite(WRITE), query: {} })),
  madeUp(JSON.stringify({ ...printWrite(WRITE), query: [["a"]] })),
  madeUp(JSON.stringify({ ...printWrite(WRITE), query: [["a", 1]] })),
  // Small when it is packed, and cut off where it would fill memory.
  madeUp(JSON.stringify({ ...printWrite(WRITE), path: "/".repeat(1_000_000) })),
])("what was never packed is refused: %.30s", (text) => {
  expect(() => unpacked(text)).toThrow(MalformedRequest);
});

test("whatever comes is read or refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(() => unpacked(text)).toThrow(MalformedRequest);
    }),
  );
});

test.each(["", "[]", '{"spent": 1, "differs": []}', '{"spent": true}'])(
  "what a service does not say clearly was not said: %s",
  (body) => {
    expect(() => readSpent(Buffer.from(body))).toThrow(Unavailable);
    expect(() => readAskedFor(Buffer.from(body))).toThrow(Unavailable);
  },
);
