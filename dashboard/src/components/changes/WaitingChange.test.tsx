import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { change } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { WaitingChange } from "./WaitingChange";

it("shows who asks, for whom, why, and exactly what would be sent", async () => {
  service({});
  await show(<WaitingChange change={change()} />);
  const panel = await screen.findByRole("region", { name: "POST /billing/7/plan" });
  for (const shown of ["Sam Rivers", "Ada Lovelace", "Asked on the phone", "plan", '"pro"']) {
    expect(panel.textContent).toContain(shown);
  }
});

it("allows it, once", async () => {
  const calls = service({ "POST /unlocks/unl_1/allow": { id: "unl_1" } });
  await show(<WaitingChange change={change()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Allow once" }));
  await waitFor(() => expect(calls).toHaveLength(1));
});

it("says why it could not be decided", async () => {
  service({ "POST /unlocks/unl_1/refuse": problem(403, { detail: "It is too late." }) });
  await show(<WaitingChange change={change()} />);
  await userEvent.click(await screen.findByRole("button", { name: "Refuse" }));
  expect((await screen.findByRole("alert")).textContent).toBe("It is too late.");
});
