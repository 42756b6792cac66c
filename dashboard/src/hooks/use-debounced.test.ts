import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useDebounced } from "./use-debounced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(kept: string) {
  const keep = vi.fn<(value: string) => void>();
  const hook = renderHook((value: string) => useDebounced(value, keep), { initialProps: kept });
  const type = (text: string) => act(() => hook.result.current[1](text));
  return { ...hook, keep, type };
}

it("hands on what was typed, once, after a pause", () => {
  const { keep, type, result } = open("");
  type("a");
  act(() => void vi.advanceTimersByTime(100));
  type("ad");
  expect(result.current[0]).toBe("ad");
  expect(keep).not.toHaveBeenCalled();
  act(() => void vi.advanceTimersByTime(180));
  expect(keep.mock.calls).toEqual([["ad"]]);
});

it("takes over what changed by other means, such as the way back", () => {
  const { rerender, result, keep } = open("ada");
  rerender("");
  expect(result.current[0]).toBe("");
  act(() => void vi.advanceTimersByTime(1_000));
  expect(keep).not.toHaveBeenCalled();
});

it("does not fall back while its own text is on the way", () => {
  const { rerender, result, type } = open("");
  type("ada");
  act(() => void vi.advanceTimersByTime(180));
  rerender("ada");
  type("adal");
  expect(result.current[0]).toBe("adal");
});
