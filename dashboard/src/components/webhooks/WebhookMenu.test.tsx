import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, webhook } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { WebhookMenu } from "./WebhookMenu";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

async function choose(item: string, endpoint = webhook()): Promise<void> {
  await show(<WebhookMenu webhook={endpoint} />, { as: admin() });
  await userEvent.click(screen.getByRole("button", { name: "Actions for Security channel" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: item }));
}

it("edits what is there already, and sends nothing else", async () => {
  const calls = service({ "PATCH /webhooks/whe_1": webhook() });
  await choose("Edit…");
  await screen.findByRole("dialog", { name: "Edit the webhook" });
  const description = screen.getByRole("textbox", { name: "Description" });
  await userEvent.clear(description);
  await userEvent.click(description);
  await userEvent.paste("Billing");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const { url, format, types, personal } = webhook();
  expect(calls.map(({ body }) => body)).toEqual([
    { url, description: "Billing", format, types, personal },
  ]);
});

it("rotates the secret with an overlap, and shows the new one", async () => {
  const answered = { webhook: webhook(), secret: "whsec_bmV3" };
  const calls = service({ "POST /webhooks/whe_1/rotate-secret": answered });
  await choose("Rotate the secret…");
  const overlap = await screen.findByLabelText("The present secret signs along");
  await userEvent.selectOptions(overlap, "for one hour");
  await userEvent.click(screen.getByRole("button", { name: "Make a new secret" }));
  expect(await screen.findByText("whsec_bmV3")).toBeTruthy();
  expect(calls.map(({ body }) => body)).toEqual([{ overlap_minutes: 60 }]);
});

it("deletes only after a yes", async () => {
  const calls = service({ "DELETE /webhooks/whe_1": undefined });
  await choose("Delete…");
  const dialog = await screen.findByRole("dialog", { name: "Delete Security channel?" });
  expect(dialog.textContent).toContain("Its deliveries go with it");
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(calls.map(({ method }) => method)).toEqual(["DELETE"]));
});

it("gives the focus back to its button when a dialog is left", async () => {
  await choose("Disable…");
  await screen.findByRole("dialog", { name: "Disable Security channel?" });
  await userEvent.keyboard("{Escape}");
  const button = screen.getByRole("button", { name: "Actions for Security channel" });
  await waitFor(() => expect(document.activeElement).toBe(button));
});

it("enables a disabled endpoint at a click", async () => {
  const calls = service({ "PATCH /webhooks/whe_1": webhook() });
  await choose("Enable", webhook({ status: "disabled", disabled_because: "it answered 410 Gone" }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ status: "active" }]));
});
