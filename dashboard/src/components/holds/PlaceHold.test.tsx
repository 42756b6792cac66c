import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application, hold, subject } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { PlaceHold } from "./PlaceHold";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("places a hold on a user, with a reason", async () => {
  const calls = service({ "POST /holds": hold() });
  const onClose = vi.fn<() => void>();
  await show(
    <PlaceHold application={application()} subject={subject()} opened onClose={onClose} />,
    { as: admin() },
  );
  await screen.findByRole("dialog", { name: "Place a legal hold on Ada Lovelace" });
  await userEvent.click(screen.getByRole("button", { name: "Place the hold" }));
  expect(await screen.findByText("Say why it is kept")).toBeTruthy();
  expect(calls).toEqual([]);
  await userEvent.click(screen.getByRole("textbox", { name: /Reason/ }));
  await userEvent.paste(" Case 118 ");
  await userEvent.click(screen.getByRole("button", { name: "Place the hold" }));
  await waitFor(() => expect(onClose).toHaveBeenCalledTimes(1));
  expect(calls.map(({ body }) => body)).toEqual([
    { application_id: "app_harbor", subject_id: "ada", reason: "Case 118" },
  ]);
});

it("names no user when it is about the whole application", async () => {
  const calls = service({ "POST /holds": hold() });
  await show(<PlaceHold application={application()} opened onClose={() => {}} />, { as: admin() });
  await userEvent.click(await screen.findByRole("textbox", { name: /Reason/ }));
  await userEvent.paste("Case 118");
  await userEvent.click(screen.getByRole("button", { name: "Place the hold" }));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toEqual({ application_id: "app_harbor", reason: "Case 118" });
});
