import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { admin, application, hold } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const UNRANKED = "GET /applications/app_harbor/unranked-roles";
const NOTHING = { users: 0, roles: [], role_count: 0 };

it("says for how many users legal holds stop retention", async () => {
  const released = hold({ subject_id: "cy", released_at: "2026-06-01T12:00:00Z" });
  service({
    [UNRANKED]: NOTHING,
    "GET /holds": page(hold(), hold(), hold({ subject_id: "bo" }), released),
  });
  await show(<SettingsForm application={application()} />, { as: admin() });
  expect(await screen.findByText(/what the log says about 2 users is not erased/)).toBeTruthy();
});

it("says that a hold on the application stops all of it", async () => {
  service({ [UNRANKED]: NOTHING, "GET /holds": page(hold(), hold({ subject_id: null })) });
  await show(<SettingsForm application={application()} />, { as: admin() });
  expect(await screen.findByText(/nothing in this application’s log is erased/)).toBeTruthy();
});
