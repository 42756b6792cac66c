import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { DecisionPoint as Point } from "../../api/types";
import { admin, application } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { DecisionPoint } from "./DecisionPoint";
import { Loosening } from "./Loosening";
import { Opinion } from "./Opinion";

const URL_ = "https://pdp.example/access/v1/evaluation";
const POINT: Point = { url: URL_, timeout_ms: 800, has_credential: true };
const PATH = "/applications/app_harbor";
const TERMS = { confirmation: "none" as const, delay_hours: 24 };
const SAFE = { policy_changes: TERMS, decision_point: POINT, waiting: null };

it("is tried with what is typed before it is saved", async () => {
  const tried = { permitted: false, reason: null, fault: "It was too slow.", milliseconds: 812 };
  const calls = service({
    [`POST ${PATH}/decision-point/try`]: tried,
    [`PUT ${PATH}/decision-point`]: SAFE,
  });
  const shown = { application: application(), point: null, readOnly: false };
  await show(<DecisionPoint {...shown} />, { as: admin() });
  // Pasted, as people do it; and by letters it would take seconds.
  for (const [name, text] of [
    ["URL", URL_],
    ["Credential", "secret"],
  ] as const) {
    await userEvent.click(screen.getByLabelText(name));
    await userEvent.paste(text);
  }
  await userEvent.click(screen.getByRole("button", { name: "Test" }));
  await screen.findByText(/too slow.*812 ms/);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(calls).toHaveLength(2));
  const body = { url: URL_, timeout_ms: 1000, credential: "secret" };
  expect(calls.map((call) => call.body)).toEqual([body, body]);
  await waitFor(() =>
    expect((screen.getByLabelText("Credential") as HTMLInputElement).value).toBe(""),
  );
});

it("keeps a credential that nobody types anew, and can be removed", async () => {
  const calls = service({
    [`PUT ${PATH}/decision-point`]: SAFE,
    [`DELETE ${PATH}/decision-point`]: { ...SAFE, decision_point: null },
  });
  const shown = { application: application(), point: POINT, readOnly: false };
  await show(<DecisionPoint {...shown} />, { as: admin() });
  await screen.findByPlaceholderText("Set; not shown again");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(calls[0]?.body).toEqual({ url: URL_, timeout_ms: 800 }));
  await userEvent.click(screen.getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(calls[1]?.method).toBe("DELETE"));
});

it("is shown without its buttons to those who may only look", async () => {
  service({});
  await show(<DecisionPoint application={application()} point={POINT} readOnly />, { as: admin() });
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.queryByLabelText("Credential")).toBeNull();
});

it("says what it answered in its own words", async () => {
  service({});
  const opinion = { permitted: false, reason: "not_on_call", fault: null };
  await show(<Opinion opinion={opinion} />, { as: admin() });
  expect(screen.getByText("The decision point says no")).toBeTruthy();
  expect(screen.getByText("Its reason: not_on_call.")).toBeTruthy();
});

it("says what would be loosened, and confirms it", async () => {
  const calls = service({ [`POST ${PATH}/safeguards/lsn_1/confirm`]: SAFE });
  const waiting = {
    id: "lsn_1",
    policy_changes: TERMS,
    decision_point: null,
    set_by: "Mia",
    set_at: "2026-06-01T08:00:00Z",
    confirmable_at: "2026-06-01T08:00:00Z",
  };
  const shown = { application: application(), waiting, readOnly: false };
  await show(<Loosening {...shown} />, { as: admin() });
  expect(screen.getByText(/would need: Nothing: it holds at once\./)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Confirm" }));
  await waitFor(() => expect(calls).toHaveLength(1));
});
