import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application, webhook } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { CreateWebhook } from "./CreateWebhook";
import { USUAL } from "./event-types";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const SECRET = "whsec_c2VjcmV0LXRoYXQtaXMtc2hvd24tb25jZQ==";

async function open(): Promise<HTMLElement> {
  await show(<CreateWebhook application={application()} opened onClose={() => {}} />, {
    as: admin(),
  });
  return screen.findByRole("dialog", { name: "Add a webhook" });
}

it("asks for the usual, without personal data, and shows the secret once", async () => {
  const calls = service({ "POST /webhooks": { webhook: webhook(), secret: SECRET } });
  const dialog = await open();
  const url = within(dialog).getByRole("textbox", { name: /URL/ });
  await userEvent.click(url);
  await userEvent.paste(" https://hooks.example/understudy ");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect(await screen.findByText(SECRET)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy the signing secret" })).toBeTruthy();
  expect(calls.map(({ body }) => body)).toEqual([
    {
      application_id: "app_harbor",
      url: "https://hooks.example/understudy",
      description: "",
      format: "native",
      types: [...USUAL],
      personal: false,
    },
  ]);
});

it("warns of what leaves the house before personal data is sent", async () => {
  service({});
  await open();
  const warning = "Names, addresses and reasons leave Understudy";
  expect(screen.queryByText(warning)).toBeNull();
  await userEvent.click(screen.getByRole("switch", { name: /Include personal data/ }));
  expect(screen.getByText(warning)).toBeTruthy();
});

it("sends nothing without a URL or without a kind of event", async () => {
  const calls = service({});
  const dialog = await open();
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect(within(dialog).getByText("A whole address, with https://")).toBeTruthy();
  for (const box of within(dialog).getAllByRole("checkbox", { checked: true })) {
    await userEvent.click(box);
  }
  const url = within(dialog).getByRole("textbox", { name: /URL/ });
  await userEvent.click(url);
  await userEvent.paste("https://hooks.example");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect((await screen.findByRole("alert")).textContent).toBe("At least one");
  expect(calls).toEqual([]);
});

it("knows of session starts only in Stytch’s format", async () => {
  const calls = service({ "POST /webhooks": { webhook: webhook(), secret: SECRET } });
  const dialog = await open();
  await userEvent.click(within(dialog).getByRole("radio", { name: "Stytch" }));
  expect(within(dialog).queryByRole("checkbox")).toBeNull();
  const url = within(dialog).getByRole("textbox", { name: /URL/ });
  await userEvent.click(url);
  await userEvent.paste("https://hooks.example");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toMatchObject({ format: "stytch", types: ["session.started"] });
});

it("says what the service has against an address", async () => {
  const detail = "The host must be public: 10.0.0.7 is not.";
  service({ "POST /webhooks": problem(422, { code: "invalid_input", detail }) });
  const dialog = await open();
  const url = within(dialog).getByRole("textbox", { name: /URL/ });
  await userEvent.click(url);
  await userEvent.paste("https://10.0.0.7");
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
});

it("asks for no URL by e-mail, chooses nothing, and shows no secret", async () => {
  const made = webhook({ format: "email", url: "mailto:" });
  const calls = service({ "POST /webhooks": { webhook: made, secret: SECRET } });
  const dialog = await open();
  await userEvent.click(within(dialog).getByRole("radio", { name: "E-mail" }));
  expect(within(dialog).queryByRole("textbox", { name: /URL/ })).toBeNull();
  expect(within(dialog).queryByRole("checkbox")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Add" }));
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.body).toEqual({
    application_id: "app_harbor",
    url: "mailto:",
    description: "",
    format: "email",
    personal: false,
  });
  expect(screen.queryByText(SECRET)).toBeNull();
});
