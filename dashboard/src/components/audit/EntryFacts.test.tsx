import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { admin, entry, me } from "../../test/made";
import { show } from "../../test/render";
import { EntryFacts } from "./EntryFacts";

const HOOK = entry({
  type: "webhook.disabled",
  details: { endpoint_id: "whe_1", disabled_because: "it answered 410 Gone" },
});
const HOLD = entry({ type: "hold.placed", details: { hold_id: "hld_1" } });

describe("an entry about a webhook or a hold", () => {
  it("leads there those who may see it", async () => {
    const { unmount } = await show(<EntryFacts entry={HOOK} />, { as: admin() });
    expect(screen.getByRole("link", { name: "whe_1" }).getAttribute("href")).toBe(
      "/settings/app_harbor/webhooks/whe_1",
    );
    expect(screen.getByText("disabled because: it answered 410 Gone")).toBeTruthy();
    unmount();
    await show(<EntryFacts entry={HOLD} />, { as: admin() });
    expect(screen.getByRole("link", { name: "hld_1" }).getAttribute("href")).toBe(
      "/settings/app_harbor/holds",
    );
  });

  it("only names it for the others", async () => {
    await show(<EntryFacts entry={HOOK} />, { as: me({ permissions: ["audit.read"] }) });
    expect(screen.getByText("whe_1")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "whe_1" })).toBeNull();
  });
});
