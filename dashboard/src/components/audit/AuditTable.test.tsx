import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { entry } from "../../test/made";
import { show } from "../../test/render";
import { AuditTable } from "./AuditTable";

it("shows an entry that a newer service wrote amid the others", async () => {
  const newer = entry({ index: 8, type: "policy.changed", rule: "quiet_hours", reason: null });
  await show(<AuditTable entries={[newer, entry()]} stale={false} empty={null} />);
  expect(screen.getByRole("link", { name: "Policy changed" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Session started" })).toBeTruthy();
  expect(screen.getByText("Refused by the rule “quiet_hours”.")).toBeTruthy();
});
