/** The body that something is decided on is the app's all the same, or there is none. */

import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepBody } from "../../src/http/keptBody.ts";

let request: IncomingMessage;
beforeEach(() => {
  request = new IncomingMessage(new Socket());
});
afterEach(() => vi.useRealTimers());

/** As the server's parser does when it has met the end. */
function end(): void {
  request.complete = true;
  request.push(null);
}

async function left(): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

test("what comes bit by bit is whole, and is read once more", async () => {
  const kept = keepBody(request, 10);
  for (const part of ["ab", "", "cd"]) {
    request.push(part);
    await new Promise((done) => setImmediate(done));
  }
  end();
  expect(Buffer.from((await kept) ?? "").toString()).toBe("abcd");
  expect(await left()).toBe("abcd");
});

test("its end comes with its last part, and is told behind what was put back", async () => {
  const kept = keepBody(request, 10);
  await new Promise((done) => setImmediate(done));
  setImmediate(() => {
    request.push("ab");
    end();
  });
  expect(await kept).toHaveLength(2);
  await new Promise((done) => setImmediate(done));
  expect(request.readableEnded).toBe(false);
  expect(await left()).toBe("ab");
});

test("what was put back counts as read once the app reads it", async () => {
  const kept = keepBody(request, 10);
  request.push("ab");
  end();
  await kept;
  expect([request.readableDidRead, Readable.isDisturbed(request)]).toEqual([false, false]);
  request.read(1);
  expect([request.readableDidRead, Readable.isDisturbed(request)]).toEqual([true, true]);
});

test.each([true, false])("nothing at all is a body as well; at once: %s", async (atOnce) => {
  if (atOnce) end();
  const kept = keepBody(request, 10);
  if (!atOnce) setImmediate(end);
  expect(await kept).toHaveLength(0);
  expect(await left()).toBe("");
});

test("what is too long is kept for whoever reads on", async () => {
  const kept = keepBody(request, 3);
  request.push("abcd");
  expect(await kept).toBeNull();
  request.push("ef");
  end();
  expect(await left()).toBe("abcdef");
});

test("what says that it is too long is not read", async () => {
  request.headers["content-length"] = "11";
  expect(await keepBody(request, 10)).toBeNull();
  expect(request.readableDidRead).toBe(false);
});

test("what does not come in time is none, and neither is what breaks off", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const kept = keepBody(request, 10);
  request.push("ab");
  await new Promise((done) => setImmediate(done));
  vi.advanceTimersByTime(5_000);
  expect(await kept).toBeNull();
  const broken = keepBody(request, 10);
  request.destroy();
  expect(await broken).toBeNull();
  expect(await keepBody(request, 10)).toBeNull();
});
