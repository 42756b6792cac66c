import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { attempt, delivery } from "../../test/made";
import { show } from "../../test/render";
import { Attempts } from "./Attempts";

function disclosure(name: string): HTMLDetailsElement {
  const found = screen.getByText(name).closest("details");
  if (found === null) throw new Error(`${name} cannot be opened.`);
  return found;
}

it("shows what was sent, what came back, and how long it took", async () => {
  await show(<Attempts delivery={delivery()} attempts={[attempt()]} />);
  const first = within(disclosure("Attempt 1"));
  expect(first.getByText("200")).toBeTruthy();
  expect(first.getByText("84 ms")).toBeTruthy();
  const request = first.getByRole("figure", { name: "request of attempt 1" });
  expect(request.textContent).toContain('{\n  "type": "session.started"\n}');
  expect(first.getByRole("figure", { name: "answer to attempt 1" }).textContent).toBe("taken");
});

it("opens the last attempt only", async () => {
  const failed = attempt({ status: 503, answer: "" });
  const attempts = [failed, attempt({ number: 2 })];
  await show(<Attempts delivery={delivery({ attempts: 2 })} attempts={attempts} />);
  expect([disclosure("Attempt 1").open, disclosure("Attempt 2").open]).toEqual([false, true]);
  expect(within(disclosure("Attempt 1")).getByText("It was empty.")).toBeTruthy();
});

it("says what went wrong when no answer came", async () => {
  const failed = attempt({ status: null, answer: null, error: "The host is not public." });
  await show(<Attempts delivery={delivery()} attempts={[failed]} />);
  expect(screen.getByText("No answer")).toBeTruthy();
  expect(screen.getByText("The host is not public.")).toBeTruthy();
  expect(screen.queryByText(/Answer/)).toBeNull();
});

it("says that texts are gone once the entry is erased", async () => {
  const erased = attempt({ request: null, answer: null });
  await show(<Attempts delivery={delivery()} attempts={[erased]} />);
  expect(screen.getByText("What was sent and answered is erased.")).toBeTruthy();
  expect(screen.queryByRole("figure")).toBeNull();
});

it("tells apart what is about to be sent from what never was", async () => {
  const pending = delivery({ status: "pending", attempts: 0 });
  const { unmount } = await show(<Attempts delivery={pending} attempts={[]} />);
  expect(screen.getByText("Just a moment")).toBeTruthy();
  unmount();
  const withdrawn = delivery({ status: "cancelled", attempts: 0 });
  await show(<Attempts delivery={withdrawn} attempts={[]} />);
  expect(screen.getByText("It was never sent")).toBeTruthy();
});
