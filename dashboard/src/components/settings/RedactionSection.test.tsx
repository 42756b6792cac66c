import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("hides secrets, a field and a look, and lets files of an address out", async () => {
  const calls = service({ "GET /holds": page(), "PATCH /applications/app_harbor": application() });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.click(screen.getByRole("switch", { name: /Secrets and tokens/ }));
  await userEvent.click(screen.getByRole("button", { name: "Hide a field" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Name of hidden field 1" }), "tax_id");
  await userEvent.click(screen.getByRole("button", { name: "Hide a field" }));
  await userEvent.selectOptions(
    screen.getByRole("combobox", { name: "What hidden field 2 is found by" }),
    "detector",
  );
  await userEvent.selectOptions(
    screen.getByRole("combobox", { name: "What becomes of hidden field 2" }),
    "drop",
  );
  await userEvent.click(screen.getByRole("button", { name: "Let files of an address out" }));
  await userEvent.click(screen.getByRole("textbox", { name: "Path 1 whose files go out" }));
  await userEvent.paste("/invoices/{id}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const saved = () => calls.filter(({ method }) => method !== "GET");
  await waitFor(() => expect(saved()).toHaveLength(1));
  expect(saved()[0]?.body).toEqual({
    settings: {
      redaction: {
        secrets: true,
        rules: [
          { kind: "field", match: "tax_id", deed: "mask" },
          { kind: "detector", match: "email", deed: "drop" },
        ],
        open_routes: ["/invoices/{id}"],
      },
    },
  });
});
