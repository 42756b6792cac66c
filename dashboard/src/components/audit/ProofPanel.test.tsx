import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import key from "../../../../tests/vectors/audit/key_v1.txt?raw";
import receipt from "../../../../tests/vectors/audit/receipt_v1.tlog-proof?raw";
import { entry } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { ProofPanel } from "./ProofPanel";

const leaf = atob(/^extra (.+)$/m.exec(receipt)?.[1] ?? "");
const { t } = JSON.parse(leaf) as { t: number };
const proved = entry({ index: 3, type: "action.completed", time: new Date(t).toISOString() });
const answer = { index: 3, leaf, receipt, verifier_keys: [key.trim()] };

it("says that an entry is verified, and by which steps", async () => {
  service({ "GET /audit/entries/3/receipt": answer });
  await show(<ProofPanel entry={proved} />);
  expect(await screen.findByText("Verified")).toBeTruthy();
  expect(screen.getByText("This is entry 3 of the signed log of 8 entries.")).toBeTruthy();
  expect(screen.getAllByRole("img", { name: "holds:", hidden: true })).toHaveLength(4);
});

it("says plainly when page and log disagree, and opens the steps", async () => {
  service({ "GET /audit/entries/3/receipt": answer });
  await show(<ProofPanel entry={{ ...proved, type: "session.ended" }} />);
  expect(await screen.findByText("Does not verify")).toBeTruthy();
  expect(screen.getByText("What was checked").closest("details")).toHaveProperty("open", true);
  expect(screen.getByRole("img", { name: "fails:" })).toBeTruthy();
});
