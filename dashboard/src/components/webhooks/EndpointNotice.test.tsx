import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { admin, me, webhook } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { EndpointNotice } from "./EndpointNotice";

const GONE = webhook({ status: "disabled", disabled_because: "it answered 410 Gone" });

it("says why an endpoint is disabled, and enables it", async () => {
  const calls = service({ "PATCH /webhooks/whe_1": webhook() });
  await show(<EndpointNotice webhook={GONE} />, { as: admin() });
  expect(screen.getByText("This endpoint is disabled: it answered 410 Gone")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Enable" }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ status: "active" }]));
});

it("does not say twice that it is disabled", async () => {
  const by = webhook({ status: "disabled", disabled_because: "disabled by an operator" });
  await show(<EndpointNotice webhook={by} />, { as: admin() });
  expect(screen.getByText("This endpoint is disabled: by an operator")).toBeTruthy();
});

it("offers nothing to those who may only look", async () => {
  await show(<EndpointNotice webhook={GONE} />, { as: me({ permissions: ["webhooks.read"] }) });
  expect(screen.queryByRole("button")).toBeNull();
});

it("tells since when nothing is taken, and nothing at all while all is well", async () => {
  const failing = webhook({ failing_since: "2026-06-01T12:00:00Z" });
  const { unmount } = await show(<EndpointNotice webhook={failing} />, { as: admin() });
  expect(screen.getByText(/Nothing has been taken since/)).toBeTruthy();
  unmount();
  await show(<EndpointNotice webhook={webhook()} />, { as: admin() });
  expect(screen.queryByText(/taken|disabled/)).toBeNull();
});
