import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application, settings } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("switches packs on in their order, and takes single patterns out", async () => {
  const harbor = application({ settings: settings({ deny_packs: { packs: ["allauth"] } }) });
  const calls = service({
    "GET /applications/app_harbor/unranked-roles": { users: 0, roles: [], role_count: 0 },
    "GET /holds": page(),
    "PATCH /applications/app_harbor": harbor,
  });
  await show(<SettingsForm application={harbor} />, { as: admin() });
  const section = within(screen.getByRole("region", { name: "Deny profile" }));
  await userEvent.click(section.getByRole("checkbox", { name: "django-two-factor-auth" }));
  await userEvent.click(section.getByRole("checkbox", { name: "Any app, by words in its paths" }));
  await userEvent.click(
    section.getByRole("checkbox", { name: "/**/tokens/refresh", hidden: true }),
  );
  await userEvent.click(screen.getByRole("button", { name: /^Save/ }));
  const change = await vi.waitFor(() => {
    const found = calls.find(({ method }) => method === "PATCH");
    expect(found).toBeDefined();
    return found;
  });
  expect(change?.body).toEqual({
    settings: {
      deny_packs: {
        packs: ["generic", "allauth", "two_factor"],
        excepted: ["/**/tokens/refresh"],
      },
    },
  });
});
