import { expect, test, vi } from "vitest";
import { type Access, AccessHistory, type AccessPage } from "../src/index.ts";
import { after, button, hydrate, show } from "./page.tsx";

const KIM: Access = {
  id: "1",
  actor: "Kim from Support",
  startedAt: "2026-03-01T12:00:00Z",
  endedAt: "2026-03-01T12:14:30Z",
  scope: "read_only",
  reason: "Cannot see the invoice",
  ticket: "SUP-1",
};
const SAM: Access = {
  id: "2",
  actor: "Sam",
  startedAt: "2026-02-01T12:00:00Z",
  endedAt: null,
  scope: "full",
};

type Load = (asked: { after: string | null }) => Promise<AccessPage>;

async function history(load: Load): Promise<HTMLElement> {
  const place = await show(<AccessHistory load={load} locale="en-GB" />);
  await after(() => {});
  return place;
}

function narrow(): void {
  const query = { matches: true, addEventListener: () => {}, removeEventListener: () => {} };
  vi.stubGlobal("matchMedia", () => query);
}

function rows(place: HTMLElement): string[][] {
  return [...place.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? ""),
  );
}

test("each access says when, for how long, who, why and how", async () => {
  const place = await history(async () => ({ accesses: [KIM, SAM] }));
  const [kim, sam] = rows(place);
  expect(kim?.[0]).toMatch(/1 Mar 2026.*15 min/);
  expect(kim?.slice(1)).toEqual([
    "Kim from Support",
    "Cannot see the invoiceTicket SUP-1",
    "Read only",
  ]);
  expect(sam?.[0]).toContain("Going on now");
  expect(sam?.slice(1)).toEqual(["Sam", "No reason given", "Full access"]);
  expect(place.querySelector("time")?.dateTime).toBe("2026-03-01T12:00:00Z");
});

test("table and region are named by the heading", async () => {
  const place = await history(async () => ({ accesses: [KIM] }));
  const heading = place.querySelector("h2");
  expect(heading?.textContent).toBe("Who accessed your account");
  for (const named of place.querySelectorAll("section, table")) {
    expect(named.getAttribute("aria-labelledby")).toBe(heading?.id);
  }
});

test("a phone shows a list", async () => {
  narrow();
  const place = await history(async () => ({ accesses: [KIM] }));
  expect(place.querySelector("table")).toBeNull();
  const item = place.querySelector("ul li");
  for (const text of ["Kim from Support", "Cannot see the invoice", "SUP-1", "15 min"]) {
    expect(item?.textContent).toContain(text);
  }
});

test("earlier ones are asked for behind those that are shown", async () => {
  const load = vi.fn<Load>(async ({ after: from }) =>
    from === null ? { accesses: [KIM], next: "p2" } : { accesses: [SAM] },
  );
  const place = await history(load);
  await after(() => button("Show earlier").click());
  expect(rows(place).map((row) => row[1])).toEqual(["Kim from Support", "Sam"]);
  expect(load.mock.lastCall?.[0].after).toBe("p2");
  expect(place.querySelector("button")).toBeNull();
});

test("an account that nobody has accessed says so", async () => {
  const place = await history(async () => ({ accesses: [] }));
  expect(place.querySelector("[role=status]")?.textContent).toBe(
    "Nobody has accessed your account.",
  );
});

test("what cannot be loaded is no empty history, and can be tried again", async () => {
  let isAway = true;
  const place = await history(async () => {
    if (isAway) throw new Error("away");
    return { accesses: [KIM] };
  });
  expect(place.textContent).toContain("This could not be loaded.");
  expect(place.textContent).not.toContain("Nobody");
  isAway = false;
  await after(() => button("Try again").click());
  expect(rows(place)).toHaveLength(1);
});

test("what is asked for is given up when the component goes", async () => {
  const signals: AbortSignal[] = [];
  const load = ({ signal }: { signal: AbortSignal }): Promise<AccessPage> => {
    signals.push(signal);
    return new Promise(() => {});
  };
  const { place } = await hydrate(<AccessHistory load={load} />);
  expect(place.querySelector("section")?.getAttribute("aria-busy")).toBe("true");
  // Mounted twice, as it is strictly: the first question is given up.
  expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
});

test("on a phone the server's markup is gone on from, too", async () => {
  narrow();
  const { html, place } = await hydrate(<AccessHistory load={async () => ({ accesses: [KIM] })} />);
  await after(() => {});
  expect(html).toContain("Loading");
  expect(place.querySelector("ul li")?.textContent).toContain("Kim from Support");
});

test("a text that somebody else wrote stays a text", async () => {
  const place = await history(async () => ({
    accesses: [{ ...KIM, reason: "<img src=x onerror=alert(1)>" }],
  }));
  expect(place.querySelector("img")).toBeNull();
  expect(place.querySelectorAll("bdi").length).toBeGreaterThan(0);
});
