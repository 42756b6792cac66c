import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { admin, hold, me, subject } from "../../test/made";
import { show } from "../../test/render";
import { page, problem, service } from "../../test/service";
import { HoldNotice } from "./HoldNotice";

const WHOLE = hold({ id: "hld_2", subject_id: null, reason: "The regulator asks" });
const RELEASED = hold({ id: "hld_3", reason: "A mistake", released_at: "2026-02-01T00:00:00Z" });
const OTHERS = hold({ id: "hld_4", subject_id: "bo", reason: "About Bo" });

it("names the standing holds that cover the user, and that erasing is refused", async () => {
  service({ "GET /holds": page(hold(), WHOLE, RELEASED, OTHERS) });
  await show(<HoldNotice subject={subject()} />, { as: admin() });
  await screen.findByText("Under legal hold");
  expect(screen.getByText(/erasing on request is refused/)).toBeTruthy();
  expect(
    screen.getAllByRole("listitem").map((item) => item.querySelector("p")?.textContent),
  ).toEqual(["Case 118", "The regulator asks"]);
  expect(screen.getAllByRole("button")).toHaveLength(1);
  expect(screen.getByRole("link", { name: "Covers the whole application" })).toBeTruthy();
});

it("releases a hold after a yes", async () => {
  let standing = true;
  const calls = service({
    "GET /holds": () =>
      page(standing ? hold() : { ...hold(), released_at: "2026-06-01T00:00:00Z" }),
    "POST /holds/hld_1/release": () => {
      standing = false;
      return hold();
    },
  });
  await show(<HoldNotice subject={subject()} />, { as: admin() });
  await userEvent.click(await screen.findByRole("button", { name: /^Release the hold on Ada/ }));
  await userEvent.click(await screen.findByRole("button", { name: "Release" }));
  await waitFor(() => expect(screen.queryByText("Under legal hold")).toBeNull());
  expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
});

it("shows an auditor the hold, and no way to release it", async () => {
  service({ "GET /holds": page(hold()) });
  await show(<HoldNotice subject={subject()} />, { as: me({ permissions: ["holds.read"] }) });
  await screen.findByText("Case 118");
  expect(screen.queryByRole("button")).toBeNull();
});

it("says so when the holds cannot be looked up", async () => {
  service({ "GET /holds": problem(503, { detail: "The database is away." }) });
  await show(<HoldNotice subject={subject()} />, { as: admin() });
  expect((await screen.findByRole("alert")).textContent).toBe("The database is away.");
});

it("does not even ask for those who may not see holds", async () => {
  const calls = service({});
  await show(<HoldNotice subject={subject()} />, { as: me() });
  expect(calls).toEqual([]);
});
