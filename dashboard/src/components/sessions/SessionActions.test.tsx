import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { me, session } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { SessionActions } from "./SessionActions";

const OTHERS = session({
  actor: { kind: "operator", id: "opr_tom", email: "tom@understudy.example", name: "Tom Reyes" },
});

it("ends one's own session at a click", async () => {
  const calls = service({ "POST /sessions/ses_1/end": session() });
  await show(<SessionActions session={session()} />);
  await userEvent.click(screen.getByRole("button", { name: "End" }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{}]));
});

it("opens the app on one's own session in a tab that has no hold on this one", async () => {
  service({});
  await show(<SessionActions session={session()} />);
  const form = screen.getByRole("button", { name: "Open the app as Ada Lovelace" }).closest("form");
  expect(form?.getAttribute("action")).toBe("/api/v1/grants/grt_1/launch");
  expect([form?.method, form?.target]).toEqual(["post", "_blank"]);
  expect(form?.getAttribute("rel")).toBe("noopener noreferrer");
});

it("asks before it revokes somebody else's, and does nothing without a yes", async () => {
  const calls = service({});
  await show(<SessionActions session={OTHERS} />);
  await userEvent.click(screen.getByRole("button", { name: "Revoke" }));
  const dialog = await screen.findByRole("dialog", { name: "Revoke this session?" });
  expect(dialog.textContent).toContain("Tom Reyes is out of Ada Lovelace’s account at once");
  await userEvent.click(screen.getByRole("button", { name: "Keep" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls).toEqual([]);
});

it("revokes after a yes", async () => {
  const calls = service({ "POST /sessions/ses_1/revoke": OTHERS });
  await show(<SessionActions session={OTHERS} />);
  await userEvent.click(screen.getByRole("button", { name: "Revoke" }));
  await userEvent.click(await screen.findByRole("button", { name: "Revoke now" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(calls.map(({ path }) => path)).toEqual(["/api/v1/sessions/ses_1/revoke"]);
});

it("offers nothing to those who may not revoke", async () => {
  await show(<SessionActions session={OTHERS} />, { as: me({ permissions: ["sessions.read"] }) });
  expect(screen.queryByRole("button")).toBeNull();
});

it("does not take an actor whom an application named for oneself", async () => {
  const named = session({
    actor: { kind: "named_by_application", id: "opr_sam", email: null, name: "Sam" },
  });
  await show(<SessionActions session={named} />);
  expect(screen.queryByRole("button", { name: "End" })).toBeNull();
  expect(screen.queryByRole("button", { name: /Open the app/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Revoke" })).toBeTruthy();
});
