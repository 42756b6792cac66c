import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { review } from "../../test/made";
import { show } from "../../test/render";
import { service } from "../../test/service";
import { ReviewCard } from "./ReviewCard";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

it("is closed with what was found", async () => {
  const calls = service({ "POST /reviews/rvw_1/close": review({ closable: false }) });
  await show(<ReviewCard review={review()} />);
  await userEvent.click(screen.getByRole("button", { name: "Close the review" }));
  expect(await screen.findByText("Say what you found")).toBeTruthy();
  await userEvent.type(screen.getByRole("textbox", { name: /What you found/ }), "All well.");
  await userEvent.click(screen.getByRole("button", { name: "Close the review" }));
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([{ note: "All well." }]));
});

it("is not one's own to close", async () => {
  service({});
  await show(<ReviewCard review={review({ closable: false })} />);
  expect(screen.queryByRole("button")).toBeNull();
});
