import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStream } from "./stream";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;
  closed = false;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.opened.push(this);
  }

  close(): void {
    this.closed = true;
  }

  say(name: string): void {
    this.dispatchEvent(new Event(name));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.opened = [];
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => void vi.useRealTimers());

function follow() {
  const onSession = vi.fn<() => void>();
  const states: boolean[] = [];
  const stream = openStream(onSession, (flowing) => states.push(flowing));
  const [source] = FakeSource.opened;
  if (source === undefined) throw new Error("Nothing was opened.");
  return { onSession, states, stream, source };
}

describe("the event stream", () => {
  it("tells of sessions, and not of heartbeats", () => {
    const { onSession, states, source } = follow();
    expect(source.url).toBe("/api/v1/events/stream");
    source.say("heartbeat");
    expect([onSession.mock.calls.length, states]).toEqual([0, [true]]);
    source.say("session");
    expect(onSession).toHaveBeenCalledTimes(1);
  });

  it("counts as cut once heartbeats stay away, though the connection looks open", () => {
    const { states, source } = follow();
    source.say("heartbeat");
    vi.advanceTimersByTime(5_999);
    expect(states).toEqual([true]);
    vi.advanceTimersByTime(1);
    expect(states).toEqual([true, false]);
  });

  it("is opened anew when the browser gave up", () => {
    const { states, source } = follow();
    source.say("error");
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.opened).toHaveLength(1);
    source.readyState = FakeSource.CLOSED;
    source.say("error");
    vi.advanceTimersByTime(10_000);
    expect(FakeSource.opened).toHaveLength(2);
    expect(states).toEqual([false, false]);
  });

  it("is given up for a minute where the server wants to be polled", () => {
    const { states, source } = follow();
    source.say("poll");
    expect([source.closed, states]).toEqual([true, [false]]);
    vi.advanceTimersByTime(59_999);
    expect(FakeSource.opened).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSource.opened).toHaveLength(2);
  });

  it("is not opened again by a page that was left while it polled", () => {
    const { stream, source } = follow();
    source.say("poll");
    stream.close();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.opened).toHaveLength(1);
  });

  it("stays closed once it is closed", () => {
    const { stream, source } = follow();
    source.readyState = FakeSource.CLOSED;
    source.say("error");
    stream.close();
    vi.advanceTimersByTime(60_000);
    expect(source.closed).toBe(true);
    expect(FakeSource.opened).toHaveLength(1);
  });
});
