import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Stream } from "../src/stream.ts";
import { FakeEventSource, pass, stream } from "./browser.ts";

const URL = "https://app.example/_understudy/events";

const onChange = vi.fn();
const onEnded = vi.fn();
let first: Stream;
let second: Stream;

beforeEach(() => {
  onChange.mockReset();
  onEnded.mockReset();
  first = new Stream(URL, onChange, onEnded);
  second = new Stream(URL, onChange, onEnded);
});

afterEach(() => {
  first.stop();
  second.stop();
});

test("it is open from the first answer to the first error", async () => {
  first.start();
  const source = await stream();
  expect([source.url, first.open]).toEqual([URL, false]);
  source.open();
  expect(first.open).toBe(true);
  source.fail();
  expect(first.open).toBe(false);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test("of two pages one has the stream, and the other gets it when the first gives it up", async () => {
  first.start();
  second.start();
  await pass(0);
  expect(FakeEventSource.made).toHaveLength(1);
  first.stop();
  await pass(0);
  expect(FakeEventSource.made.map(({ closed }) => closed)).toEqual([true, false]);
});

test("a page that no longer waits leaves the turn to the next", async () => {
  first.start();
  second.start();
  second.stop();
  await pass(0);
  first.stop();
  await pass(0);
  expect(FakeEventSource.made).toHaveLength(1);
});

test("starting twice asks for one turn", async () => {
  first.start();
  first.start();
  await pass(0);
  first.stop();
  await pass(0);
  expect(FakeEventSource.made).toHaveLength(1);
});

test("a stopped stream can be started again", async () => {
  first.start();
  await pass(0);
  first.stop();
  first.start();
  await pass(0);
  expect(FakeEventSource.made.map(({ closed }) => closed)).toEqual([true, false]);
});

test("a browser without locks opens no stream", async () => {
  Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  first.start();
  await pass(0);
  expect(FakeEventSource.made).toHaveLength(0);
});
