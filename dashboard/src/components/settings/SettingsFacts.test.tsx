import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { application, me, settings } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { SettingsFacts } from "./SettingsFacts";

const FILLED = settings({
  impersonation_allowed: true,
  hand_off: "stytch",
  logout_url: "https://app.example/logout",
  browser_sdk: true,
  ticket_sign_in: true,
  browser_origins: ["https://pages.example"],
  rbac_roles: [
    {
      role_id: "editor",
      description: "Changes invoices",
      permissions: [{ resource_id: "invoices", actions: ["read", "update"] }],
    },
  ],
  redirect_urls: ["https://app.example/callback"],
  effective_launch_url: "https://app.example/launch",
  session_origins: "https://*.view.app.example",
  default_minutes: 17,
  max_minutes: 41,
  idle_minutes: 7,
  reason_min_length: 23,
  ticket_required: true,
  insiders: {
    subjects_an_hour: 12,
    subjects_a_day: null,
    look_ups_an_hour: 60,
    refuse_colleagues: true,
    mark_ticketless: true,
    working_hours: { time_zone: "Europe/Berlin", days: [1, 5], begins: "08:30", ends: "17:00" },
  },
  allowed_scopes: ["full"],
  default_scope: "full",
  blocked_actions: [{ method: "POST", pattern: "/password", label: "Change the password" }],
  consent: {
    mode: "ask",
    standing_days: 43,
    organizations: { org_1: "standing" },
    shown_as: null,
    tell: false,
  },
  deny_packs: { packs: ["generic", "allauth"], excepted: ["/**/billing/**"] },
  role_ranks: { owner: 90 },
  retention_days: 1_234,
});

it("shows every value as text, and no control that is greyed out", async () => {
  service({});
  const { container } = await show(
    <SettingsFacts application={application({ settings: FILLED, public_token: "public-1" })} />,
    { as: me() },
  );
  const words = container.textContent ?? "";
  for (const value of [
    "Allowed",
    "A token in the address",
    "https://app.example/logout",
    "Browser SDKOn",
    "public-1",
    "Sign-in by a ticketOn",
    "https://pages.example",
    "editor Changes invoices",
    "invoices: read, update",
    "https://app.example/callback",
    "https://app.example/launch",
    "Origins of sessionshttps://*.view.app.example",
    "Any app, by words in its paths",
    "django-allauth",
    "Excepted/**/billing/**",
    "17 minutes",
    "41 minutes",
    "7 minutes",
    "23 characters",
    "TicketRequired",
    "Users an hour, at most12",
    "Users a day, at mostAny number",
    "Alarm above look-ups an hour60",
    "ColleaguesRefused",
    "Mon, Fri from 08:30 to 17:00, Europe/Berlin",
    "Allowed scopesFull",
    "Chosen at firstFull",
    "POST /password Change the password",
    "owner: 90",
    "Users are askedEach time",
    "Agree for at most43 days",
    "Users of org_1 are askedOnce, for a time",
    "1,234 days",
  ]) {
    expect(words).toContain(value);
  }
  expect(container.querySelectorAll("input, select, textarea, button, fieldset")).toHaveLength(0);
});

it("says what is not set, and asks for no holds in the name of those who may not see them", async () => {
  const calls = service({});
  await show(<SettingsFacts application={application()} />, { as: me() });
  expect(screen.getByText("Nothing is blocked.")).toBeTruthy();
  expect(screen.getByText("No role has a rank; all count 0.")).toBeTruthy();
  expect(screen.queryByText("Public token")).toBeNull();
  expect(calls).toEqual([]);
});
