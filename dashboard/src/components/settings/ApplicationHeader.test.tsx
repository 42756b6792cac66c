import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Permission } from "../../api/types";
import { admin, application, me, webhook } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { ApplicationHeader } from "./ApplicationHeader";

async function places(permissions: Permission[]): Promise<(string | null)[]> {
  service({ "GET /webhooks": page(webhook()) });
  await show(<ApplicationHeader application={application()} about="settings" />, {
    as: me({ permissions }),
  });
  const navigation = screen.queryByRole("navigation", { name: "Harbor" });
  if (navigation === null) return [];
  return within(navigation)
    .getAllByRole("link")
    .map((link) => link.textContent);
}

it("leads to what one may see of an application", async () => {
  expect(await places(["applications.read", "webhooks.read", "holds.read"])).toEqual([
    "Settings",
    "Policies",
    "Webhooks",
    "Legal holds",
  ]);
});

it("is no navigation at all where there is one place only", async () => {
  expect(await places(["webhooks.read"])).toEqual([]);
});

it("counts the endpoints that somebody should look after", async () => {
  const troubled = [
    webhook({ status: "disabled" }),
    webhook({ failing_since: "2026-06-01T12:00:00Z" }),
  ];
  service({ "GET /webhooks": page(webhook(), ...troubled) });
  await show(<ApplicationHeader application={application()} about="settings" />, { as: admin() });
  const count = await screen.findByText(/failing or disabled/);
  expect(count.closest("a")?.textContent).toBe("Webhooks, 2 failing or disabled");
});
