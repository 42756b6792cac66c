import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { admin, delivery, webhook } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { ReplayButton } from "./ReplayButton";

const FAILED = delivery({ status: "failed" });

it("sends a message again at a click", async () => {
  const calls = service({ "POST /webhooks/whe_1/deliveries/msg_1/replay": delivery() });
  await show(<ReplayButton webhook={webhook()} delivery={FAILED} />, { as: admin() });
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  await waitFor(() => expect(calls).toHaveLength(1));
});

it("waits for the endpoint to be enabled", async () => {
  const disabled = webhook({ status: "disabled" });
  await show(<ReplayButton webhook={disabled} delivery={FAILED} />, { as: admin() });
  const button = screen.getByRole("button", { name: "Send again" });
  expect(button).toHaveProperty("disabled", true);
  expect(button.title).toBe("The endpoint is disabled. Enable it first.");
});
