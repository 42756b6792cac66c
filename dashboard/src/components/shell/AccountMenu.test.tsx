import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { leaveFor } from "../../api/staff";
import { session } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { inAnApp } from "../../test/staff";
import { AccountMenu } from "./AccountMenu";

vi.setConfig({ testTimeout: 20_000 });

const ANSWERS = {
  "POST /sign-out": undefined,
  "POST /sessions/ses_1/end": session({ ended_at: "2026-06-01T12:10:00Z" }),
  "POST /sessions/ses_2/end": session({ ended_at: "2026-06-01T12:10:00Z" }),
};

async function leave(...live: unknown[]) {
  const calls = service({ ...ANSWERS, "GET /sessions": page(...live) });
  await show(<AccountMenu />);
  await waitFor(() => expect(calls).toHaveLength(1));
  await userEvent.click(screen.getByRole("button", { name: /^Your account/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name: /^Sign out/ }));
  return () => calls.map(({ method, path }) => `${method} ${path.replace("/api/v1", "")}`).slice(1);
}

vi.mock("../../api/staff", async (original) => ({
  ...(await original<typeof import("../../api/staff")>()),
  leaveFor: vi.fn(),
}));

describe("signing out", () => {
  it("leads back into the app that has signed one in", async () => {
    const undo = inAnApp();
    const done = await leave();
    await waitFor(() => expect(done()).toEqual(["POST /sign-out"]));
    await waitFor(() => expect(leaveFor).toHaveBeenCalledExactlyOnceWith("/shop"));
    undo();
  });

  it("is done at once by whoever is in nobody’s account", async () => {
    const done = await leave();
    await waitFor(() => expect(done()).toEqual(["POST /sign-out"]));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("tells who is in somebody’s account that this goes on, and can leave it so", async () => {
    const done = await leave(session());
    const dialog = await screen.findByRole("dialog", { name: "Your sessions go on" });
    expect(dialog.textContent).toContain("You are working as Ada Lovelace.");
    expect(done()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Sign out only" }));
    await waitFor(() => expect(done()).toEqual(["POST /sign-out"]));
  });

  it("ends them all before it, with one button", async () => {
    const done = await leave(session(), session({ id: "ses_2" }));
    await userEvent.click(await screen.findByRole("button", { name: "End them and sign out" }));
    await waitFor(() => expect(done().at(-1)).toBe("POST /sign-out"));
    expect(done().slice(0, 2).sort()).toEqual([
      "POST /sessions/ses_1/end",
      "POST /sessions/ses_2/end",
    ]);
  });
});
