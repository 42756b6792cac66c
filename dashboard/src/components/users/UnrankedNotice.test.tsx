import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { admin, application, me, settings } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { UnrankedNotice } from "./UnrankedNotice";

const PATH = "/applications/app_harbor/unranked-roles";
const FOUND = { users: 12, roles: [{ role: "editor", users: 12 }], role_count: 7 };

function harbor(unranked_roles: "allow" | "refuse") {
  return application({ settings: settings({ unranked_roles }) });
}

it("asks an admin to rank the roles of the first users, or to allow them", async () => {
  const calls = service({
    [`GET ${PATH}`]: FOUND,
    "PATCH /applications/app_harbor": harbor("allow"),
  });
  await show(<UnrankedNotice application={harbor("refuse")} />, { as: admin() });
  const said = "12 users hold roles without a rank: editor (12) and 6 more.";
  expect(await screen.findByText(said)).toBeTruthy();
  const link = screen.getByRole("link", { name: "Rank them" });
  expect(link.getAttribute("href")).toBe("/settings/app_harbor#ranks");
  await userEvent.click(screen.getByRole("button", { name: "Allow them as they are" }));
  await waitFor(() => {
    const change = calls.find(({ method }) => method === "PATCH");
    expect(change?.body).toEqual({ settings: { unranked_roles: "allow" } });
  });
});

it("only tells those who cannot decide", async () => {
  service({ [`GET ${PATH}`]: FOUND });
  await show(<UnrankedNotice application={harbor("refuse")} />, { as: me() });
  expect(await screen.findByText(/cannot be impersonated until an admin/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

it("asks nothing where it is allowed, or everybody has a rank", async () => {
  const calls = service({ [`GET ${PATH}`]: { users: 0, roles: [], role_count: 0 } });
  await show(<UnrankedNotice application={harbor("allow")} />, { as: admin() });
  expect(calls).toEqual([]);
  await show(<UnrankedNotice application={harbor("refuse")} />, { as: admin() });
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(screen.queryByText(/without a rank/)).toBeNull();
});
