import { afterEach, beforeEach, vi } from "vitest";
import { FakeEventSource, FakeLocks } from "./browser.ts";

// What jsdom has not: layout, server-sent events, locks.
class NoLayout implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  vi.stubGlobal("ResizeObserver", NoLayout);
  vi.stubGlobal("EventSource", FakeEventSource);
  FakeEventSource.made.length = 0;
  Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
  sessionStorage.clear();
  document.title = "Invoices";
});

afterEach(() => {
  vi.useRealTimers();
});
