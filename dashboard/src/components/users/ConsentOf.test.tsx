import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { subject } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { ConsentOf } from "./ConsentOf";

const AT = "GET /subjects/ada/consents";
const NOTHING = { mode: "standing", standing_days: 7, consents: [], requests: [] };

it("says what a user agreed to, until when, and what waits for their answer", async () => {
  const given = {
    id: "con_1",
    kind: "standing",
    scope: "read_only",
    minutes: null,
    given_at: "2026-01-02T03:04:05Z",
    expires_at: "2026-02-02T03:04:05Z",
  };
  const asked = {
    id: "csr_1",
    asked_by: "Sam Rivers",
    reason: "Ada cannot find the reports",
    ticket: null,
    scope: "full",
    minutes: 30,
    digits: "47",
    created_at: "2026-01-02T03:04:05Z",
    expires_at: "2026-01-02T03:34:05Z",
  };
  service({ [AT]: { ...NOTHING, consents: [given], requests: [asked] } });
  await show(<ConsentOf subject={subject()} />);
  const panel = await screen.findByRole("region", { name: "Consent" });
  for (const words of [
    "Agreed to whoever asks",
    "Asked by Sam Rivers",
    "Ada cannot find the reports",
    "until",
  ]) {
    expect(panel.textContent).toContain(words);
  }
  // They are for the user and for whoever asked.
  expect(panel.textContent).not.toContain("47");
});

it("says that there is nothing, and which way they are asked", async () => {
  service({ [AT]: { ...NOTHING, mode: "ask" } });
  await show(<ConsentOf subject={subject()} />);
  expect(await screen.findByText("Nothing; they are asked each time")).toBeTruthy();
});

it("is not there where users are asked nothing", async () => {
  const calls = service({ [AT]: { ...NOTHING, mode: "off" } });
  await show(<ConsentOf subject={subject()} />);
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(screen.queryByText("Consent")).toBeNull();
});
