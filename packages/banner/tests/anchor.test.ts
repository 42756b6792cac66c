import { expect, test, vi } from "vitest";

async function fresh(): Promise<typeof import("../src/anchor.ts")> {
  vi.resetModules();
  return import("../src/anchor.ts");
}

function navigationAt(requestStart: number): void {
  const entries = vi.fn().mockReturnValue([{ requestStart }]);
  Object.assign(performance, { getEntriesByType: entries });
}

test("the stamp of the page itself was written after the page was asked for", async () => {
  const { writtenAt } = await fresh();
  navigationAt(120);
  vi.spyOn(document, "readyState", "get").mockReturnValue("interactive");
  expect(writtenAt(1_000, 900)).toBe(120);
});

test("a stamp that comes later, by soft navigation, was written now", async () => {
  const { writtenAt } = await fresh();
  navigationAt(120);
  vi.spyOn(document, "readyState", "get").mockReturnValue("complete");
  expect(writtenAt(1_000, 90_000)).toBe(90_000);
});

test("a copy with the same stamp does not start the time again", async () => {
  const { writtenAt } = await fresh();
  navigationAt(120);
  vi.spyOn(document, "readyState", "get").mockReturnValue("complete");
  writtenAt(1_000, 500);
  expect([writtenAt(1_000, 60_000), writtenAt(2_000, 60_000)]).toEqual([500, 60_000]);
});

test("a browser that keeps no navigation times counts from now", async () => {
  const { writtenAt } = await fresh();
  navigationAt(0);
  vi.spyOn(document, "readyState", "get").mockReturnValue("interactive");
  expect(writtenAt(1_000, 900)).toBe(900);
});
