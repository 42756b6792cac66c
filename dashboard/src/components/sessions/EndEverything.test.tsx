import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { application, me } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { EndEverything } from "./EndEverything";

it("ends everything of the application after a second question", async () => {
  const calls = service({ "POST /sessions/revoke": { sessions: 2, grants: 1 } });
  const shown = application();
  await show(<EndEverything application={shown} />);
  await userEvent.click(screen.getByRole("button", { name: "End everything" }));
  expect(calls).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "End everything now" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.map(({ body }) => body)).toEqual([{ application_id: shown.id }]);
});

it("ends everything of the installation while all applications are shown", async () => {
  const calls = service({ "POST /sessions/revoke": { sessions: 0, grants: 0 } });
  await show(<EndEverything application={undefined} />);
  await userEvent.click(screen.getByRole("button", { name: "End everything" }));
  const dialog = await screen.findByRole("dialog", {
    name: "End everything in every application?",
  });
  expect(dialog.textContent).toContain("requests that wait are cancelled");
  await userEvent.click(screen.getByRole("button", { name: "End everything now" }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ everything: true }]));
});

it("offers nothing to those who may not revoke", async () => {
  await show(<EndEverything application={undefined} />, {
    as: me({ permissions: ["sessions.read"] }),
  });
  expect(screen.queryByRole("button")).toBeNull();
});
