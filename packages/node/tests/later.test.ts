import { expect, test } from "vitest";
import { TokenInvalid } from "../src/core/errors.ts";
import { Later } from "../src/later.ts";
import { Wait } from "../src/passage/steps.ts";
import { carriedOut } from "../src/passage/waiting.ts";
import { Answer } from "../src/visit.ts";

const undone: string[] = [];
const then = (result: string) => new Answer({ body: Buffer.from(result) });
const later = (promise: Promise<string>, seconds = 5) =>
  new Later({
    promise,
    seconds,
    then,
    failed: ({ status }) => new Answer({ status }),
    otherwise: () => new Answer({ status: 503 }),
    abandoned: (result) => undone.push(result),
  });

test("the answer is made of the result, and a refusal becomes its own", async () => {
  const done = await carriedOut(later(Promise.resolve("done")).steps());
  expect([done.status, Buffer.from(done.body).toString()]).toEqual([200, "done"]);
  const refused = await carriedOut(later(Promise.reject(new TokenInvalid())).steps());
  expect(refused.status).toBe(401);
  await expect(carriedOut(later(Promise.reject(new Error("x"))).steps())).rejects.toThrow("x");
  expect(undone).toEqual([]);
});

test("what comes too late is undone, and what fails too late has nothing to undo", async () => {
  let finish: (result: string) => void = () => undefined;
  const slow = new Promise<string>((done) => {
    finish = done;
  });
  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<string>((_, failed) => {
    fail = failed;
  });
  expect((await carriedOut(later(slow, 0).steps())).status).toBe(503);
  expect((await carriedOut(later(failing, 0).steps())).status).toBe(503);
  finish("too late");
  fail(new TokenInvalid());
  await slow;
  expect(undone.splice(0)).toEqual(["too late"]);
});

test("what comes after its request was given up is undone", async () => {
  const steps = later(Promise.resolve("too late")).steps();
  expect(steps.next().value).toBeInstanceOf(Wait);
  steps.return(new Answer());
  await Promise.resolve();
  expect(undone.splice(0)).toEqual(["too late"]);
});
