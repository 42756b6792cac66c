import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  window.history.replaceState(null, "", "/");
});

it("takes the token of a link and leaves none of it in the address", async () => {
  window.history.replaceState({ from: "router" }, "", "/invitation?lang=en#token=s3cret-_x");
  const { takeToken } = await import("./use-link-token");
  expect(takeToken()).toBe("s3cret-_x");
  expect(window.location.href).not.toContain("s3cret");
  expect(window.location.pathname + window.location.search).toBe("/invitation?lang=en");
  expect(window.history.state).toEqual({ from: "router" });
});

it("gives the same token to a second render, which finds the address clean", async () => {
  window.history.replaceState(null, "", "/setup#token=once");
  const { takeToken } = await import("./use-link-token");
  expect([takeToken(), takeToken()]).toEqual(["once", "once"]);
});

it("finds nothing in a link without a token", async () => {
  window.history.replaceState(null, "", "/setup#section");
  const { takeToken } = await import("./use-link-token");
  expect(takeToken()).toBeNull();
});
