import { afterEach, beforeEach, expect, vi } from "vitest";
import { clearPage } from "./page.tsx";

Reflect.set(globalThis, "IS_REACT_ACT_ENVIRONMENT", true);

beforeEach(() => {
  // React warns of what it mends by itself, and of what it will not.
  vi.spyOn(console, "error");
  vi.spyOn(console, "warn");
  vi.stubGlobal("matchMedia", () => wide());
  // jsdom knows dialogs, but not how to show them over the page.
  HTMLDialogElement.prototype.showModal = function showModal() {
    if (this.open) throw new DOMException("It is open.", "InvalidStateError");
    this.open = true;
    this.querySelector<HTMLElement>("textarea")?.focus();
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
});

afterEach(async () => {
  await clearPage();
  // biome-ignore lint/suspicious/noConsole: what was said there is looked at
  for (const said of [console.error, console.warn]) expect(said).not.toHaveBeenCalled();
});

function wide(): object {
  return { matches: false, addEventListener: () => {}, removeEventListener: () => {} };
}
