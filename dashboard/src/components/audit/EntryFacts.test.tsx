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
    expect(screen.getByText("Disabled because")).toBeTruthy();
    expect(screen.getByText("it answered 410 Gone")).toBeTruthy();
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

const MARA = {
  kind: "operator",
  ref: "opr_mara",
  id: "opr_mara",
  email: "mara@understudy.example",
  name: "Mara Kent",
  taken_over: false,
};

describe("an entry about somebody else's session", () => {
  const revoked = entry({
    type: "session.revoked",
    time: "2026-06-01T12:00:05.123Z",
    doer: MARA,
    details: { cause: "revoked", by_kind: "operator", by_ref: "opr_mara" },
  });

  it("says who did it, and beside it whose session it was", async () => {
    await show(<EntryFacts entry={revoked} />, { as: admin() });
    expect(facts()).toMatchObject({ Cause: "revoked" });
    expect(facts().By).toContain("Mara Kent");
    expect(facts()["Session of"]).toContain("Sam Rivers");
    expect(facts()["Asked for by"]).toBeUndefined();
  });

  it("has its time to the second, in both zones, and ids to be copied", async () => {
    await show(<EntryFacts entry={revoked} />, { as: admin() });
    expect(facts().Time).toMatch(/:05\b.*(UTC|GMT)/);
    expect(facts()["In UTC"]).toContain("2026-06-01T12:00:05.123Z");
    expect(screen.getByRole("button", { name: "Copy the session id" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy the grant id" })).toBeTruthy();
  });
});

/** What stands beside each name. */
function facts(): Record<string, string> {
  const pairs = screen
    .getAllByRole("term")
    .map((term) => [term.textContent ?? "", term.nextElementSibling?.textContent ?? ""]);
  return Object.fromEntries(pairs);
}
