import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("hides secrets, a field and a look", async () => {
  const calls = service({ "GET /holds": page(), "PATCH /applications/app_harbor": application() });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.click(screen.getByLabelText(/Secrets and tokens/));
  await userEvent.click(screen.getByRole("button", { name: "Hide a field" }));
  await userEvent.click(screen.getByLabelText("Name of hidden field 1"));
  await userEvent.paste("tax_id");
  await userEvent.click(screen.getByLabelText(/May be shown .*: tax_id/));
  await userEvent.click(screen.getByRole("button", { name: "Hide a field" }));
  await userEvent.selectOptions(
    screen.getByLabelText("What hidden field 2 is found by"),
    "detector",
  );
  await userEvent.selectOptions(screen.getByLabelText("What becomes of hidden field 2"), "drop");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const saved = () => calls.filter(({ method }) => method !== "GET");
  await waitFor(() => expect(saved()).toHaveLength(1));
  expect(saved()[0]?.body).toEqual({
    settings: {
      redaction: {
        secrets: true,
        rules: [
          { kind: "field", match: "tax_id", deed: "mask", revealable: true },
          { kind: "detector", match: "email", deed: "drop", revealable: false },
        ],
        open_routes: [],
      },
    },
  });
});

it("lets files of an address out", async () => {
  const calls = service({ "GET /holds": page(), "PATCH /applications/app_harbor": application() });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.click(screen.getByRole("button", { name: "Let files of an address out" }));
  await userEvent.click(screen.getByLabelText("Path 1 whose files go out"));
  await userEvent.paste("/invoices/{id}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  const saved = () => calls.filter(({ method }) => method !== "GET");
  await waitFor(() => expect(saved()).toHaveLength(1));
  expect(saved()[0]?.body).toEqual({
    settings: { redaction: { secrets: false, rules: [], open_routes: ["/invoices/{id}"] } },
  });
});

it("tries the rules as they stand on the page, and says which hid what", async () => {
  const tried = {
    shown: '{"tax_id": "HiddenByUnderstudy"}',
    by: [
      { kind: null, match: null, hid: [], can_be_tried: true },
      { kind: "field", match: "tax_id", hid: ["DE81"], can_be_tried: true },
      { kind: "detector", match: "national_id_de", hid: [], can_be_tried: false },
    ],
  };
  const path = "POST /applications/app_harbor/redaction/try";
  const calls = service({ "GET /holds": page(), [path]: tried });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.click(screen.getByRole("button", { name: "Hide a field" }));
  await userEvent.click(screen.getByLabelText("Name of hidden field 1"));
  await userEvent.paste("tax_id");
  await userEvent.click(screen.getByLabelText("Sample"));
  await userEvent.paste('{"tax_id": "DE81"}');
  await userEvent.click(screen.getByRole("button", { name: "What would be seen?" }));
  expect((await screen.findByText("HiddenByUnderstudy")).tagName).toBe("MARK");
  const told = screen.getByText("DE81").closest("ul");
  expect([...(told?.children ?? [])].map(({ textContent }) => textContent)).toEqual([
    "Secrets and tokens: nothing here",
    "Field tax_id: DE81",
    "Looks like a national id of Germany: can be told in the app alone",
  ]);
  expect(calls.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    {
      sample: '{"tax_id": "DE81"}',
      kind: "json",
      redaction: {
        secrets: false,
        rules: [{ kind: "field", match: "tax_id", deed: "mask", revealable: false }],
        open_routes: [],
      },
    },
  ]);
});

it("says what would be held back, and forgets the outcome once the sample is another", async () => {
  service({
    "GET /holds": page(),
    "POST /applications/app_harbor/redaction/try": { shown: null, by: [] },
  });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.type(screen.getByLabelText("Sample"), "x");
  await userEvent.click(screen.getByRole("button", { name: "What would be seen?" }));
  await screen.findByText("Held back");
  await userEvent.type(screen.getByLabelText("Sample"), "y");
  expect(screen.queryByText("Held back")).toBeNull();
});
