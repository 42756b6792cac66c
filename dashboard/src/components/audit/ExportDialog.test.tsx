import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { ExportDialog } from "./ExportDialog";

const LOG = { origin: "log.example", verifier_keys: ["log.example+key"], checkpoint: "", size: 3 };

function target(): string | null {
  return screen.getByRole("link", { name: "Download" }).getAttribute("href");
}

it("exports with proofs first, and says how to check them", async () => {
  service({ "GET /audit/log": LOG });
  await show(<ExportDialog opened onClose={() => {}} filter={{ outcome: "denied" }} />);
  expect(target()).toBe("/api/v1/audit/export?format=ndjson&outcome=denied");
  expect(
    await screen.findByText("understudy audit verify audit.ndjson --key log.example+key"),
  ).toBeTruthy();
});

it.each(["CSV", "OCSF", "ECS", "CEF"])("exports as %s", async (name) => {
  service({ "GET /audit/log": LOG });
  await show(<ExportDialog opened onClose={() => {}} filter={{}} />);
  await userEvent.click(screen.getByRole("radio", { name: new RegExp(`^${name}`) }));
  const format = name.toLowerCase();
  expect(target()).toBe(`/api/v1/audit/export?format=${format}`);
  const follow = screen.queryByText(`understudy audit follow --format ${format}`);
  expect(follow === null).toBe(name === "CSV");
});
