import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { ShownOnce } from "../components/settings/ShownOnce";
import { show } from "../test/render";
import { WorkDialog } from "./WorkDialog";

const onClose = vi.fn();

function Work({ secret }: { secret: boolean }) {
  const [text, setText] = useState("");
  return (
    <WorkDialog opened onClose={onClose} title="Work">
      {secret ? (
        <ShownOnce what="secret" value="usk_1" onClose={onClose} />
      ) : (
        <label>
          Reason
          <textarea value={text} onChange={(event) => setText(event.currentTarget.value)} />
        </label>
      )}
    </WorkDialog>
  );
}

async function open(secret: boolean): Promise<void> {
  onClose.mockReset();
  await show(<Work secret={secret} />);
  await screen.findByRole("dialog", { name: "Work" });
}

describe("a dialog with work in it", () => {
  it("is closed by Escape while nothing is written", async () => {
    await open(false);
    await userEvent.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("asks before it loses what somebody typed, and keeps it", async () => {
    await open(false);
    await userEvent.type(screen.getByLabelText("Reason"), "Ada cannot find it");
    await userEvent.keyboard("{Escape}");
    expect(onClose).not.toHaveBeenCalled();
    expect(screen.getByText("What you typed would be lost.")).toBeTruthy();
    const stay = screen.getByRole("button", { name: "Go on here" });
    expect(document.activeElement).toBe(stay);
    await userEvent.click(stay);
    expect(screen.queryByText("What you typed would be lost.")).toBeNull();
    expect(screen.getByLabelText("Reason")).toHaveProperty("value", "Ada cannot find it");
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    await userEvent.click(screen.getByRole("button", { name: "Close all the same" }));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("closes at once when the text is gone again", async () => {
    await open(false);
    await userEvent.type(screen.getByLabelText("Reason"), "A{Backspace}");
    await userEvent.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("asks before it hides what is shown once, but not whoever says that they have it", async () => {
    await open(true);
    await userEvent.keyboard("{Escape}");
    expect(onClose).not.toHaveBeenCalled();
    expect(screen.getByText("This is not shown again.")).toBeTruthy();
    expect(screen.getByText("usk_1")).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByText("This is not shown again.")).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "I have it" }));
    expect(onClose).toHaveBeenCalledOnce();
  });
});
