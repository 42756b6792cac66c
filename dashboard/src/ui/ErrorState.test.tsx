import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { ApiProblem } from "../api/problem";
import { show } from "../test/render";
import { ErrorState } from "./ErrorState";

it("tells whoever works as somebody else in this browser that it is no matter of roles", async () => {
  const nested = { code: "nested", detail: "End the present session before you start another." };
  await show(<ErrorState page error={new ApiProblem(403, nested)} />);
  expect(screen.getByRole("heading", { name: "You are working as somebody else" })).toBeTruthy();
  expect(screen.getByText(/in the banner over the app/)).toBeTruthy();
});
