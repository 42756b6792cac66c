import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { application, case_, me } from "../../test/made";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { CaseCard } from "./CaseCard";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const APPLICATIONS = { "GET /applications": { items: [application()] } };
const ADMIN = me({ permissions: ["cases.read", "cases.write", "audit.read"] });

it("says whom it is about, what the user said, and that nobody has looked", async () => {
  service(APPLICATIONS);
  const { container } = await show(<CaseCard found={case_()} />, { as: ADMIN });
  await screen.findByText("Harbor");
  for (const words of ["Sam Rivers", "Ada Lovelace", "I asked nobody.", "Open, works as nobody"]) {
    expect(container.textContent).toContain(words);
  }
});

it("is closed with what was found, and its actor stays frozen unless that is said", async () => {
  const calls = service({ ...APPLICATIONS, "POST /cases/cas_1/close": case_() });
  await show(<CaseCard found={case_()} />, { as: ADMIN });
  await userEvent.click(await screen.findByRole("button", { name: "Close the case" }));
  expect(await screen.findByText("Say what you found")).toBeTruthy();
  await userEvent.type(screen.getByRole("textbox", { name: /What you found/ }), "A slip.");
  await userEvent.click(screen.getByRole("button", { name: "Close the case" }));
  const sent = () => calls.filter(({ method }) => method === "POST").map(({ body }) => body);
  await waitFor(() => expect(sent()).toEqual([{ note: "A slip.", lift: false }]));
  await userEvent.click(screen.getByRole("checkbox", { name: "Let them work again" }));
  await userEvent.click(screen.getByRole("button", { name: "Close the case" }));
  await waitFor(() => expect(sent()[1]).toEqual({ note: "A slip.", lift: true }));
});

it("lets whoever is frozen by a closed case work again, with a reason", async () => {
  const closed = case_({ closed_at: "2026-01-03T03:04:05Z", closed_by: "Mara" });
  const calls = service({ ...APPLICATIONS, "POST /cases/cas_1/close": closed });
  await show(<CaseCard found={closed} />, { as: ADMIN });
  await userEvent.type(await screen.findByRole("textbox"), "They talked.");
  await userEvent.click(screen.getByRole("button", { name: "Let them work again" }));
  const sent = () => calls.filter(({ method }) => method === "POST").map(({ body }) => body);
  await waitFor(() => expect(sent()).toEqual([{ note: "They talked.", lift: true }]));
});

it("says why it could not be closed", async () => {
  const detail = "Somebody else looks into what is about you.";
  service({ ...APPLICATIONS, "POST /cases/cas_1/close": problem(409, { detail }) });
  await show(<CaseCard found={case_()} />, { as: ADMIN });
  await userEvent.type(await screen.findByRole("textbox"), "Nothing.");
  await userEvent.click(screen.getByRole("button", { name: "Close the case" }));
  expect((await screen.findByRole("alert")).textContent).toBe(detail);
});

it("is closed by nobody whose roles do not say so, nor once it is lifted", async () => {
  service(APPLICATIONS);
  await show(<CaseCard found={case_()} />, { as: me({ permissions: ["cases.read"] }) });
  await screen.findByText("Harbor");
  expect(screen.queryByRole("button")).toBeNull();
  await show(<CaseCard found={case_({ frozen: false })} />, { as: ADMIN });
  expect(screen.queryByRole("button")).toBeNull();
});
