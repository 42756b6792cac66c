import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { createElement, type ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useLiveUpdates, usePolling } from "./use-live";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 1;

  constructor() {
    super();
    FakeSource.opened.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.opened = [];
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function follow() {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) =>
    createElement(QueryClientProvider, { client }, children);
  const hook = renderHook(
    () => {
      useLiveUpdates();
      return usePolling();
    },
    { wrapper },
  );
  const say = (name: string) =>
    act(() => void FakeSource.opened.at(-1)?.dispatchEvent(new Event(name)));
  return { ...hook, say };
}

it("polls until the stream tells, and again once the server wants to be polled", () => {
  const { result, say } = follow();
  expect(result.current).toBe(5_000);
  say("heartbeat");
  expect(result.current).toBe(false);
  say("poll");
  expect(result.current).toBe(5_000);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(FakeSource.opened).toHaveLength(2);
  say("heartbeat");
  expect(result.current).toBe(false);
});
