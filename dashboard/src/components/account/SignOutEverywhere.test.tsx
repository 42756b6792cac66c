import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { session } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SignOutEverywhere } from "./SignOutEverywhere";

it("says that a session in an app is not ended by it", async () => {
  service({ "GET /sessions": page(session()) });
  await show(<SignOutEverywhere />);
  expect(await screen.findByText(/That goes on in the app/)).toBeTruthy();
});

it("says nothing of it to who is in nobody’s account", async () => {
  const calls = service({ "GET /sessions": page() });
  await show(<SignOutEverywhere />);
  await screen.findByRole("button", { name: "Sign out everywhere" });
  expect(calls).toHaveLength(1);
  expect(screen.queryByText(/goes on in the app/)).toBeNull();
});
