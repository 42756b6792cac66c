import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Countdown } from "./Countdown";

const NOW = Date.parse("2026-06-01T12:00:00Z");

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

it("counts down by the second, turns urgent, and ends at the very second", () => {
  render(<Countdown until="2026-06-01T12:02:02Z" />);
  const timer = screen.getByRole("timer");
  expect([timer.textContent, timer.dataset.soon]).toEqual(["2:02 left", "false"]);
  act(() => void vi.advanceTimersByTime(3_000));
  expect([timer.textContent, timer.dataset.soon]).toEqual(["1:59 left", "true"]);
  act(() => void vi.advanceTimersByTime(118_000));
  expect(screen.getByRole("timer").textContent).toBe("0:01 left");
  act(() => void vi.advanceTimersByTime(1_000));
  expect(screen.queryByRole("timer")).toBeNull();
  expect(screen.getByText("time is up")).toBeTruthy();
});

it("stops its clock when nobody looks any more", () => {
  const { unmount } = render(<Countdown until="2026-06-01T12:02:02Z" />);
  expect(vi.getTimerCount()).toBe(1);
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});
