import { describe, expect, test, vi } from "vitest";
import { askingApp, LoadUser, type Settled, type Steps, waiting } from "../../src/passage/steps.ts";
import { carriedOut, settledWithin } from "../../src/passage/waiting.ts";
import { SESSION } from "../support/sample.ts";

const never = new Promise<never>(() => undefined);

test("how a promise comes out is told, and that it takes too long", async () => {
  const error = new Error("x");
  expect(await settledWithin(Promise.resolve(1), 5)).toEqual({ value: 1 });
  expect(await settledWithin(Promise.reject(error), 5)).toEqual({ error });
  expect(await settledWithin(never, 0)).toBeNull();
});

test("a failure after that disturbs nobody", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<void>((_, failed) => {
    fail = failed;
  });
  expect(await settledWithin(failing, 0)).toBeNull();
  fail(new Error("late"));
  await new Promise((done) => setTimeout(done, 0));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test("steps are carried out in order, and each is told what came of it", async () => {
  function* asked(): Steps<unknown[]> {
    const user = yield new LoadUser(SESSION.subject, () => true);
    return [user, yield* waiting(Promise.resolve("word"), 5)];
  }
  const loadUser = async ({ subject }: LoadUser) => `user ${subject.id}`;
  expect(await carriedOut(asked(), { loadUser })).toEqual(["user 42", { value: "word" }]);
  expect(await carriedOut(asked())).toEqual([null, { value: "word" }]);
});

describe("steps that do not come to their end are told so", () => {
  function* asked(heard: string[]): Steps<Settled<never> | null> {
    try {
      yield new LoadUser(SESSION.subject, () => true);
      return yield* waiting(never, 60);
    } finally {
      heard.push("given up");
    }
  }

  test("when the browser has gone", async () => {
    const heard: string[] = [];
    const gone = new AbortController();
    const carried = carriedOut(asked(heard), { gone: gone.signal });
    await Promise.resolve();
    gone.abort(new Error("gone"));
    await expect(carried).rejects.toThrow("gone");
    expect(heard).toEqual(["given up"]);
  });

  test("when it had gone before", async () => {
    const heard: string[] = [];
    const gone = AbortSignal.abort(new Error("gone"));
    await expect(carriedOut(asked(heard), { gone })).rejects.toThrow("gone");
    expect(heard).toEqual(["given up"]);
  });

  test("when the app's own code fails", async () => {
    const heard: string[] = [];
    const loadUser = () => {
      throw new Error("no database");
    };
    await expect(carriedOut(asked(heard), { loadUser })).rejects.toThrow("no database");
    expect(heard).toEqual(["given up"]);
  });
});

test.each<[string, () => unknown]>([
  ["plain", () => "hello"],
  ["async", async () => "hello"],
])("the app is asked by a %s function", async (_, call) => {
  expect(await carriedOut(askingApp(call))).toEqual({ value: "hello" });
});

test.each([
  () => {
    throw new Error("x");
  },
  () => Promise.reject(new Error("x")),
])("what the app raises is an answer", async (call) => {
  expect(await carriedOut(askingApp(call))).toEqual({ error: new Error("x") });
});
