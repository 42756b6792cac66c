import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { DataTable } from "./DataTable";

const COLUMNS = [
  {
    key: "name",
    header: "Name",
    cell: (name: string) => (
      <a href="#x" data-row-link>
        {name}
      </a>
    ),
  },
];

function table(rows: string[] | undefined, onLeaveTop = () => {}) {
  return render(
    <MantineProvider>
      <DataTable
        label="People"
        columns={COLUMNS}
        rows={rows}
        rowKey={(name) => name}
        empty={<p>Nobody</p>}
        onLeaveTop={onLeaveTop}
      />
    </MantineProvider>,
  );
}

it("is walked through with the arrow keys, and left at the top", async () => {
  const onLeaveTop = vi.fn<() => void>();
  table(["Ada", "Bo", "Cy"], onLeaveTop);
  screen.getByRole("link", { name: "Ada" }).focus();
  const focused = () => document.activeElement?.textContent;
  await userEvent.keyboard("{ArrowDown}");
  expect(focused()).toBe("Bo");
  await userEvent.keyboard("{End}{ArrowDown}");
  expect(focused()).toBe("Cy");
  await userEvent.keyboard("{Home}");
  expect(focused()).toBe("Ada");
  expect(onLeaveTop).not.toHaveBeenCalled();
  await userEvent.keyboard("{ArrowUp}");
  expect(onLeaveTop).toHaveBeenCalledTimes(1);
});

it("says that it is busy until there are rows, and what it means when there are none", () => {
  const { container, unmount } = table(undefined);
  expect(container.querySelector('[aria-busy="true"]')).not.toBeNull();
  unmount();
  table([]);
  expect(screen.getByText("Nobody")).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
});
