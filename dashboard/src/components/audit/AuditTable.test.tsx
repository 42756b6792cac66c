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

it("shows who did it, whose session it was, and who only an application vouches for", async () => {
  const { actor } = entry();
  const mara = actor && { ...actor, ref: "opr_mara", id: "opr_mara", name: "Mara Kent" };
  const kim = actor && { ...actor, kind: "named_by_application", name: "Kim" };
  const time = "2026-06-01T12:00:05.123Z";
  const revoked = entry({ index: 8, type: "session.revoked", doer: mara, time });
  await show(<AuditTable entries={[revoked, entry({ actor: kim })]} stale={false} empty={null} />);
  expect(screen.getByText("Mara Kent")).toBeTruthy();
  expect(screen.getByText("session of Sam Rivers")).toBeTruthy();
  expect(screen.getByText("named by the application")).toBeTruthy();
  const stamp = screen.getByTitle("2026-06-01T12:00:05.123Z");
  expect(stamp.textContent).toMatch(/:05\b.*(UTC|GMT)/);
});

it("marks whoever may not be the owner of their account", async () => {
  const { actor } = entry();
  const doubted = actor && { ...actor, taken_over: true };
  const entries = [entry({ index: 8, actor: doubted }), entry()];
  await show(<AuditTable entries={entries} stale={false} empty={null} />);
  expect(screen.getAllByText("Account taken over")).toHaveLength(1);
});
