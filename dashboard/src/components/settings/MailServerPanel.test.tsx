import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, me } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { MailServerPanel } from "./MailServerPanel";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const NONE = { host: null, port: null, tls: null, sender: null, user: null };
const SET = {
  host: "smtp.example.com",
  port: 587,
  tls: "starttls",
  sender: "understudy@example.com",
  user: "understudy",
};

async function type(dialog: HTMLElement, label: RegExp, text: string): Promise<void> {
  await userEvent.click(within(dialog).getByLabelText(label));
  await userEvent.paste(text);
}

it("says that no e-mail is sent, and sets a server without sending what was not typed", async () => {
  const calls = service({ "GET /mail-server": NONE, "PUT /mail-server": SET });
  await show(<MailServerPanel />, { as: admin() });
  expect(await screen.findByText(/no e-mail is sent/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send a test" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Set a mail server" }));
  const dialog = await screen.findByRole("dialog", { name: "Mail server" });
  await type(dialog, /Host/, " smtp.example.com ");
  await type(dialog, /Sender/, "understudy@example.com");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(calls.some(({ method }) => method === "PUT")).toBe(true));
  expect(calls.find(({ method }) => method === "PUT")?.body).toEqual({
    host: "smtp.example.com",
    port: 587,
    tls: "starttls",
    sender: "understudy@example.com",
  });
});

it("tells why a server is refused, and keeps what was typed", async () => {
  const detail = "Give a user and a password, or neither.";
  const refused = problem(422, { code: "invalid_input", detail, field: "password" });
  service({ "GET /mail-server": SET, "PUT /mail-server": () => refused });
  await show(<MailServerPanel />, { as: admin() });
  await userEvent.click(await screen.findByRole("button", { name: "Change" }));
  const dialog = await screen.findByRole("dialog", { name: "Mail server" });
  await type(dialog, /^Host/, ".elsewhere");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  expect(await within(dialog).findByText(detail)).toBeTruthy();
  expect(within(dialog).getByDisplayValue("smtp.example.com.elsewhere")).toBeTruthy();
});

it("says what became of a test", async () => {
  const error = "The mail server hung up.";
  const answers = [
    { accepted: true, status: 250, error: null },
    { accepted: false, status: null, error },
  ];
  service({ "GET /mail-server": SET, "POST /mail-server/test": () => answers.shift() });
  await show(<MailServerPanel />, { as: admin() });
  const button = await screen.findByRole("button", { name: "Send a test" });
  await userEvent.click(button);
  expect(await screen.findByText("The mail server took an e-mail to you.")).toBeTruthy();
  await userEvent.click(button);
  expect(await screen.findByText(error)).toBeTruthy();
});

it("asks before no e-mail is sent any more", async () => {
  const calls = service({ "GET /mail-server": SET, "DELETE /mail-server": undefined });
  await show(<MailServerPanel />, { as: admin() });
  await userEvent.click(await screen.findByRole("button", { name: "Remove…" }));
  expect(calls.every(({ method }) => method === "GET")).toBe(true);
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(calls.some(({ method }) => method === "DELETE")).toBe(true));
});

it("shows those who only read where e-mail goes, and no button", async () => {
  service({ "GET /mail-server": SET });
  await show(<MailServerPanel />, { as: me({ permissions: ["webhooks.read"] }) });
  expect(await screen.findByText("smtp.example.com:587")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
