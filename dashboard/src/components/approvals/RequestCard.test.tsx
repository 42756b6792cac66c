import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { approval, approvalRequest, grant, me } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { RequestCard } from "./RequestCard";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("holds a request to less than was asked for, with a note", async () => {
  const calls = service({ "POST /grants/grt_1/approve": grant() });
  await show(<RequestCard request={approvalRequest()} />);
  expect(screen.getByText("0 of 1 agree")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Approve…" }));
  const dialog = await screen.findByRole("dialog", { name: "Approve Kim Doe as Ada Lovelace" });
  const minutes = within(dialog).getByLabelText("Minutes");
  await userEvent.clear(minutes);
  await userEvent.type(minutes, "5");
  await userEvent.type(within(dialog).getByLabelText("Note"), "Seen the ticket.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Approve" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.map(({ body }) => body)).toEqual([
    { minutes: 5, scope: "read_only", note: "Seen the ticket." },
  ]);
});

it("says no, and shows which rule stands in the way", async () => {
  service({
    "POST /grants/grt_1/deny": () =>
      problem(403, { code: "refused", rule: "grant_closed", detail: "Over." }),
  });
  await show(<RequestCard request={approvalRequest()} />);
  await userEvent.click(screen.getByRole("button", { name: "Say no…" }));
  const dialog = await screen.findByRole("dialog", { name: "Say no to Kim Doe as Ada Lovelace" });
  expect(within(dialog).queryByLabelText("Minutes")).toBeNull();
  await userEvent.click(within(dialog).getByRole("button", { name: "Say no" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("grant_closed");
});

it("offers no answer to one's own request", async () => {
  service({});
  const own = approvalRequest({ grant: grant({ status: "pending", quorum: 1 }), decidable: false });
  await show(<RequestCard request={own} />, { as: me() });
  expect(screen.getByText("You as Ada Lovelace")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

it("lets whoever agreed take that back", async () => {
  service({});
  const said = [approval({ operator_id: "opr_sam", note: "Go ahead." })];
  const request = approvalRequest({ approvals: said, decidable: false });
  await show(<RequestCard request={request} />, { as: me() });
  expect(screen.getByRole("list", { name: "What others said" }).textContent).toContain("Go ahead.");
  expect(screen.getByRole("button", { name: "Take back…" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Approve…" })).toBeNull();
});
