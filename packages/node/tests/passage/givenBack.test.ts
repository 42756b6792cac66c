import { expect, test } from "vitest";
import { Asked } from "../../src/guard.ts";
import { givenBack } from "../../src/passage/givenBack.ts";
import { Request } from "../../src/passage/request.ts";
import { ReadBody } from "../../src/passage/steps.ts";
import { PERSON } from "../visiting.ts";

const FORM = "application/x-www-form-urlencoded";

function reading(kind: string, { method = "POST", person = true, socket = false } = {}) {
  const headers = new Map([...(person ? PERSON : []), ["content-type", kind]] as const);
  const asked = new Asked({ cookie: "", methods: [method], paths: ["/"], socket });
  const facts = { path: "/", base: "", origin: "https://app.example", address: null };
  return givenBack(new Request({ asked, method, headers, ...facts }));
}

test("a person's form is read up to the bound", () => {
  const steps = reading(FORM);
  expect(steps.next().value).toEqual(new ReadBody(65_536));
  expect(steps.next(Buffer.from("text=Dear+Ada&password=geheim"))).toEqual({
    done: true,
    value: [{ name: "text", value: "Dear Ada" }],
  });
});

test.each([
  ["a program's", FORM, { person: false }],
  ["what is no form", "application/json", {}],
  ["what only reads", FORM, { method: "GET" }],
  ["a live connection's", FORM, { socket: true }],
])("nothing else is read: %s", (_, kind, how) => {
  expect(reading(kind, how).next()).toEqual({ done: true, value: [] });
});
