import { expect, test } from "vitest";
import { MAX_BODY, readTyped, readWanted } from "../src/startForm.ts";
import { Visit } from "../src/visit.ts";

const WANTED = { subject_id: "42", reason: "Asked by phone" };

function sent(type: string, text: string, length = true): [Visit, Uint8Array] {
  const body = Buffer.from(text, "latin1");
  const size = length ? [["content-length", String(body.length)] as const] : [];
  const headers = [["content-type", type] as const, ...size];
  return [new Visit({ method: "POST", origin: "https://app.test", base: "", headers }), body];
}

const json = (value: unknown) => sent("application/json", JSON.stringify(value));
const form = (text: string) => sent("application/x-www-form-urlencoded", text);

test("JSON and forms say the same", () => {
  const more = { ticket: "T-1", minutes: 15, scope: "read_only" };
  const wanted = { subjectId: "42", reason: "Asked by phone", ...more };
  expect(readWanted(...json({ ...WANTED, ...more }))).toEqual(wanted);
  const fields = "subject_id=42&reason=Asked+by+phone&ticket=T-1&minutes=15&scope=read_only&csrf=x";
  expect(readWanted(...form(fields))).toEqual(wanted);
  expect(readWanted(...json({ ...WANTED, subject_id: 42 })).subjectId).toBe("42");
});

test.each([
  ["a number that was rounded", '{"subject_id":9007199254740993,"reason":"x"}'],
  ["a field twice", '{"subject_id":"1","reason":"x","subject_id":"2"}'],
  ["a field twice by another spelling", '{"subject_id":"1","reason":"x","subject\\u005fid":"2"}'],
  ["an actor", '{"subject_id":"1","reason":"x","actor":{"id":"boss"}}'],
  ["no object", "[]"],
  ["no subject", '{"reason":"x"}'],
  ["what nobody sees", '{"subject_id":"1\\u200d2","reason":"x"}'],
  ["half a minute", '{"subject_id":"1","reason":"x","minutes":1.5}'],
  ["another scope", '{"subject_id":"1","reason":"x","scope":"all"}'],
  ["no JSON", "{"],
])("%s is no start", (_, text) => {
  expect(() => readWanted(...sent("application/json", text))).toThrow();
});

test("strings in JSON that look like keys are none", () => {
  const reason = 'said ":" and {"subject_id": [1, 2]}';
  expect(readWanted(...json({ ...WANTED, reason })).reason).toBe(reason);
});

test.each([
  ["a field twice", "subject_id=1&subject_id=2&reason=x"],
  ["letters that are none", "subject_id=%ff&reason=x"],
  ["bytes that are no form's", "subject_id=\xe4&reason=x"],
])("a form with %s is no start", (_, text) => {
  expect(() => readWanted(...form(text))).toThrow();
});

test("what is cut off, too long or of another kind is not read", () => {
  const [, body] = form("subject_id=1&reason=abc");
  const cut = body.subarray(0, -1);
  expect(() => readWanted(form("subject_id=1&reason=abc")[0], cut)).toThrow("whole");
  const unsized = sent("application/x-www-form-urlencoded", "subject_id=1&reason=x", false);
  expect(() => readWanted(...unsized)).toThrow("whole");
  expect(() => readWanted(...form("a".repeat(MAX_BODY + 1)))).toThrow("larger");
  // What a page of another site may send without its browser asking first.
  expect(() => readWanted(...sent("text/plain", "{}"))).toThrow("Content-Type");
});

test("what was typed is given back by what people call it", () => {
  expect(readTyped(...form("reason=Because&subject_id=1&csrf=x"))).toEqual([
    { name: "Reason", value: "Because" },
  ]);
});
