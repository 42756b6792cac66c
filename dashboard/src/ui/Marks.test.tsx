import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Marks, marksIn } from "./Marks";

it("shows each mark in words, and nothing where there is none", () => {
  const { container, rerender } = render(
    <Marks marks={["off_hours", "ticketless", "taken_over"]} />,
  );
  expect(container.textContent).toBe("Off hoursNo ticketAccount taken over");
  rerender(<Marks marks={[]} />);
  expect(container.textContent).toBe("");
});

it("reads the marks of an entry, without those that only a newer service knows", () => {
  expect(marksIn("off_hours unheard_of")).toEqual(["off_hours"]);
  expect(marksIn(undefined)).toEqual([]);
});
