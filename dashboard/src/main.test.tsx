import { screen } from "@testing-library/react";
import { expect, test } from "vitest";

test("the page shows its name", async () => {
  document.body.innerHTML = '<div id="root"></div>';
  await import("./main.tsx");
  expect(await screen.findByRole("heading", { name: "Understudy" })).toBeDefined();
});
