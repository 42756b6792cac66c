import { expect, it, vi } from "vitest";
import type { Application } from "../../api/types";
import { admin, application, me, settings } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { contentsOf } from "./contents";
import { SettingsFacts } from "./SettingsFacts";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

const BELOW = ["help-desk", "secret", "connect", "application"];
const LIMITS = {
  subjects_an_hour: null,
  subjects_a_day: null,
  look_ups_an_hour: null,
  refuse_colleagues: false,
  mark_ticketless: false,
  working_hours: null,
};

function anchors(container: HTMLElement): string[] {
  return [...container.querySelectorAll("section[id]")].map(({ id }) => id);
}

function listed(of: Application, mayChange: boolean): string[] {
  const all = contentsOf(of, mayChange).map(([anchor]) => anchor);
  return all.filter((anchor) => !BELOW.includes(anchor));
}

it("leads whoever changes settings to every section, in its order", async () => {
  service({
    "GET /applications/app_harbor/unranked-roles": { users: 0, roles: [], role_count: 0 },
    "GET /holds": page(),
  });
  const watched = application({ settings: settings({ insiders: LIMITS }) });
  const { container } = await show(<SettingsForm application={watched} />, { as: admin() });
  expect(listed(watched, true)).toContain("insiders");
  expect(anchors(container)).toEqual(listed(watched, true));
});

it("leads whoever reads settings to what they are shown, and no further", async () => {
  service({});
  const { container } = await show(<SettingsFacts application={application()} />, { as: me() });
  expect(anchors(container)).toEqual(listed(application(), false));
  expect(contentsOf(application(), false).map(([anchor]) => anchor)).not.toContain("insiders");
});
