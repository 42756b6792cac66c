import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { entry } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { ErasedNotice } from "./ErasedNotice";

const ERASED = entry({ index: 7, erased: ["core", "personal"] });

function erasure(index: number, indexes: string) {
  return entry({
    index,
    type: "audit.erased",
    time: "2026-07-01T12:00:00Z",
    actor: { kind: "system", ref: null, id: null, email: null, name: null, taken_over: false },
    details: { cause: "retention", retention_days: 30, part: "both", indexes },
  });
}

it("finds since when and why an entry is erased, on whichever page that is", async () => {
  const calls = service({
    "GET /audit/entries": ({ query }: { query: URLSearchParams }) =>
      query.get("cursor") === null
        ? { items: [erasure(900, "500-800")], next_cursor: "more" }
        : page(erasure(400, "0-300")),
  });
  await show(<ErasedNotice entry={ERASED} />);
  const link = await screen.findByRole("link", { name: "entry #400" });
  expect(link.parentElement?.textContent).toMatch(
    /^Erased on Jul 1, 2026.* by retention, after 30 days: entry #400\.$/,
  );
  expect(calls.map(({ query }) => [query.get("type"), query.get("since")])).toEqual([
    ["audit.erased", ERASED.time],
    ["audit.erased", ERASED.time],
  ]);
});

it("leads to all erasures when it finds none that names the entry", async () => {
  service({ "GET /audit/entries": page(erasure(400, "8-300")) });
  await show(<ErasedNotice entry={ERASED} />);
  expect(await screen.findByRole("link", { name: "All erasures since" })).toBeTruthy();
});

it("says nothing of an entry that is whole", async () => {
  const calls = service({});
  await show(<ErasedNotice entry={entry()} />);
  expect(screen.queryByText(/erased/)).toBeNull();
  expect(calls).toEqual([]);
});
