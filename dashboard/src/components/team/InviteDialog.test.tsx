import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { operator } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { InviteDialog } from "./InviteDialog";

it("invites into roles and groups, and shows the link once", async () => {
  const kim = operator({ id: "opr_kim", name: "Kim Okafor", status: "invited" });
  const calls = service({
    "GET /roles": page(),
    "GET /operators": page(operator({ groups: ["leads"] })),
    "POST /operators": {
      operator: kim,
      invitation_url: "https://support.example/invitations#t",
      expires_at: "2026-12-04T09:30:00Z",
    },
  });
  await show(<InviteDialog opened onClose={() => undefined} />);
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("E-mail"), "kim@support.example");
  await userEvent.type(dialog.getByLabelText("Name"), "Kim Okafor");
  const groups = dialog.getByLabelText("Groups", { selector: "input" });
  await userEvent.type(groups, "Billing Leads!{Enter}");
  await userEvent.click(dialog.getByRole("button", { name: "Invite" }));
  expect(dialog.getByText("Small letters, digits, - and _")).toBeTruthy();
  expect(calls.every(({ method }) => method === "GET")).toBe(true);
  await userEvent.type(groups, "{Backspace}");
  await userEvent.click(groups);
  await userEvent.click(await screen.findByRole("option", { name: "leads" }));
  await userEvent.click(dialog.getByRole("button", { name: "Invite" }));
  await dialog.findByText(/support\.example\/invitations/);
  const sent = calls.find(({ method }) => method === "POST");
  expect(sent?.body).toEqual({
    email: "kim@support.example",
    name: "Kim Okafor",
    roles: ["support_manager"],
    groups: ["leads"],
  });
});
