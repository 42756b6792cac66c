import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// Mantine asks the browser for these two; jsdom has neither.
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

Object.defineProperty(window, "matchMedia", {
  value: (media: string) => ({
    media,
    matches: false,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    dispatchEvent: () => false,
  }),
});

afterEach(cleanup);
