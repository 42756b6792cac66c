import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { application, entry, me } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { HelpDeskPanel } from "./HelpDeskPanel";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const HOOK = "/applications/app_harbor/ticket-hook";
const NONE = { [`GET ${HOOK}`]: { shape: null, path: "/api/v1/tickets/app_harbor", set_at: null } };
const SET_AT = "2026-06-01T12:00:00Z";
const JIRA = { shape: "jira", path: "/api/v1/tickets/app_harbor", set_at: SET_AT };
const ADMIN = me({ permissions: ["applications.read", "applications.write", "audit.read"] });
const CLOSED = entry({ type: "ticket.closed", ticket: "SUP-9", details: { grants: 2 } });

const panel = <HelpDeskPanel application={application()} />;

it("shows the secret that is made here once, and sends none that nobody typed", async () => {
  const calls = service({ ...NONE, [`PUT ${HOOK}`]: { ...JIRA, secret: "whsec_abc" } });
  await show(panel, { as: me({ permissions: ["applications.write"] }) });
  await userEvent.click(await screen.findByRole("button", { name: "Set a help desk" }));
  const dialog = await screen.findByRole("dialog", { name: "Help desk" });
  await userEvent.click(within(dialog).getByRole("radio", { name: "Jira" }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await within(dialog).findByText("whsec_abc");
  expect(calls.find(({ method }) => method === "PUT")?.body).toEqual({ shape: "jira" });
});

it("takes the secret that Zendesk has made", async () => {
  const set = { ...JIRA, shape: "zendesk", secret: "a secret of theirs" };
  const calls = service({ ...NONE, [`PUT ${HOOK}`]: set });
  await show(panel, { as: me({ permissions: ["applications.write"] }) });
  await userEvent.click(await screen.findByRole("button", { name: "Set a help desk" }));
  const dialog = await screen.findByRole("dialog", { name: "Help desk" });
  const field = within(dialog).getByLabelText(/Secret/);
  expect(field).toHaveProperty("required", true);
  await userEvent.click(field);
  await userEvent.paste("a secret of theirs");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  const sent = () => calls.find(({ method }) => method === "PUT")?.body;
  await waitFor(() => expect(sent()).toEqual({ shape: "zendesk", secret: "a secret of theirs" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("says what to enter there and what was taken last, and tries a message", async () => {
  const calls = service({
    [`GET ${HOOK}`]: JIRA,
    "GET /audit/entries": page(CLOSED),
    [`POST ${HOOK}/test`]: { ticket: "SUP-12", closed: true, grants: 1 },
  });
  const { container } = await show(panel, { as: ADMIN });
  await screen.findByRole("link", { name: "SUP-9" });
  expect(container.textContent).toContain("grants withdrawn: 2");
  expect(container.textContent).toContain(new URL(JIRA.path, location.href).href);
  await userEvent.click(screen.getByRole("button", { name: "Try it" }));
  await screen.findByText("Ticket SUP-12 is closed by it. At the moment 1 grant stands on it.");
  const sent = calls.find(({ method }) => method === "POST")?.body as { message: string };
  expect(JSON.parse(sent.message).issue.key).toBe("SUP-12");
});

it("removes it, once that was confirmed", async () => {
  const calls = service({
    [`GET ${HOOK}`]: JIRA,
    "GET /audit/entries": page(),
    [`DELETE ${HOOK}`]: undefined,
  });
  await show(panel, { as: ADMIN });
  await userEvent.click(await screen.findByRole("button", { name: "Remove…" }));
  const dialog = await screen.findByRole("dialog");
  expect(calls.some(({ method }) => method === "DELETE")).toBe(false);
  await userEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(calls.some(({ method }) => method === "DELETE")).toBe(true));
});

it("has nothing to change for those who only look", async () => {
  service({ [`GET ${HOOK}`]: JIRA });
  await show(panel, { as: me({ permissions: ["applications.read"] }) });
  await screen.findByText(/Jira, set/);
  expect(screen.queryByRole("button", { name: /Change|Remove|Try/ })).toBeNull();
});
