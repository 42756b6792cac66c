import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsOf, isForm, MAX_BODY } from "../src/typedText.ts";

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = 'multipart/form-data; boundary="b1"';

test("no more is read than the bound", () => {
  const [field] = fieldsOf(URLENCODED, Buffer.from(`text=${"a".repeat(2 * MAX_BODY)}`));
  expect(field?.value.length).toBe(MAX_BODY - "text=".length);
});

test.each(["application/json", "", "text/plain", "multipart/form-data"])(
  "nothing else is read: %j",
  (kind) => {
    expect(fieldsOf(kind, Buffer.from("text=1"))).toEqual([]);
    expect(isForm(kind)).toBe(kind.startsWith("multipart"));
  },
);

test("whatever is sent, it is never an error, and no secret is given back", () => {
  const sent = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(sent, fc.constantFrom(URLENCODED, MULTIPART), fc.string(), (body, kind, more) => {
      for (const { name } of fieldsOf(kind + more, body)) expect(name).not.toMatch(/password/i);
    }),
  );
});
