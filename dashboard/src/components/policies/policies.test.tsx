import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Policies } from "../../api/types";
import { admin, application } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { PolicyText } from "./PolicyText";
import { Proposal } from "./Proposal";
import { SimulatedDecision } from "./SimulatedDecision";

const TEXT = "permit (principal, action, resource);";
const NONE: Policies = { version: null, in_force: null, proposed: null, default_text: TEXT };
const PROPOSED = {
  id: "pol_1",
  version: 3,
  text: TEXT,
  set_by: "Mia",
  set_at: "2026-06-01T08:00:00Z",
  confirmable_at: "2026-06-01T08:00:00Z",
  confirmed_by: null,
  confirmed_at: null,
  withdrawn_at: null,
};
const PATH = "/applications/app_harbor/policies";
const nothing = () => undefined;

it("checks a text, names what is wrong, and saves it", async () => {
  const calls = service({
    [`POST ${PATH}/check`]: { faults: [{ policy: "mine", message: "@minutes is too many." }] },
    [`PUT ${PATH}`]: NONE,
  });
  const shown = { application: application(), policies: NONE, text: TEXT, onChange: nothing };
  await show(<PolicyText {...shown} readOnly={false} />, { as: admin() });
  await userEvent.click(screen.getByRole("button", { name: "Check" }));
  await screen.findByText("mine:");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(calls.map(({ method }) => method)).toEqual(["POST", "PUT"]));
  expect(calls[1]?.body).toEqual({ text: TEXT, replaces: null });
});

it("shows the text to those who may only look", async () => {
  service({});
  const shown = { application: application(), policies: NONE, text: TEXT, onChange: nothing };
  await show(<PolicyText {...shown} readOnly />, { as: admin() });
  expect(screen.queryByRole("button")).toBeNull();
  expect(screen.getByRole("textbox", { name: "Policies in Cedar" }).textContent).toBe(TEXT);
});

it("confirms what waits", async () => {
  const calls = service({ [`POST ${PATH}/versions/3/confirm`]: NONE });
  await show(<Proposal application={application()} proposed={PROPOSED} readOnly={false} />, {
    as: admin(),
  });
  await userEvent.click(screen.getByRole("button", { name: "Confirm" }));
  await waitFor(() => expect(calls).toHaveLength(1));
});

it("says which rules refuse, and who can lift that", async () => {
  const rule = {
    text: "It is forbidden.",
    lift: "An admin can help.",
    lifted_by: "admin" as const,
  };
  await show(
    <SimulatedDecision
      decision={{
        permitted: false,
        approvals: 0,
        decided_by: "policy_forbids",
        minutes: null,
        scope: null,
        rules: [
          { code: "policy_forbids", refuses: true, ...rule },
          { code: "nested", refuses: false, ...rule, text: "Nested." },
        ],
        policies: {
          permitted: false,
          deciding: ["role"],
          minutes: null,
          scope: null,
          approvals: 0,
          approvers: [],
          unlocks: [],
          faults: [],
        },
        decision_point: null,
      }}
    />,
    { as: admin() },
  );
  expect(screen.getByText("It is forbidden.")).toBeTruthy();
  expect(screen.queryByText("Nested.")).toBeNull();
  expect(screen.getByText(/decided: role/)).toBeTruthy();
});

it("says which single changes nobody has to decide about", async () => {
  await show(
    <SimulatedDecision
      decision={{
        permitted: true,
        approvals: 0,
        decided_by: null,
        minutes: 15,
        scope: "read_only",
        rules: [],
        policies: {
          permitted: true,
          deciding: ["notes"],
          minutes: null,
          scope: "read_only",
          approvals: 0,
          approvers: [],
          unlocks: ["POST /notes", "PUT /notes/{id}"],
          faults: [],
        },
        decision_point: null,
      }}
    />,
    { as: admin() },
  );
  expect(screen.getByText(/Allows at once.*: POST \/notes, PUT \/notes\/\{id\}\./)).toBeTruthy();
});

it("what waits for others to agree is not called refused", async () => {
  await show(
    <SimulatedDecision
      decision={{
        permitted: false,
        approvals: 2,
        decided_by: null,
        minutes: 15,
        scope: "full",
        rules: [],
        policies: null,
        decision_point: null,
      }}
    />,
    { as: admin() },
  );
  expect(screen.getByText("Permitted once 2 agree")).toBeTruthy();
  expect(screen.queryByText("Refused")).toBeNull();
  expect(screen.getByText(/For 15 minutes/)).toBeTruthy();
});
