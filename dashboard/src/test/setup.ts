import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

if (typeof window !== "undefined") {
  // Mantine asks the browser for these; jsdom has none of it.
  window.ResizeObserver = class {
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
  // Fields that grow with their text measure it anew when a font has come.
  Object.defineProperty(document, "fonts", { value: new EventTarget() });
  // The router scrolls, jsdom does not.
  window.scrollTo = () => {};
  // As in index.html.
  document.head.append(Object.assign(document.createElement("base"), { href: "/" }));
  afterEach(cleanup);
}
