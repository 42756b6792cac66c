import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { meQuery } from "../../api/me";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { staff } from "../../test/staff";
import { ConfirmSignIn } from "./ConfirmSignIn";

const LATER = "2026-06-01T12:15:00Z";

async function open(as = staff()) {
  const done = { confirmed: vi.fn(), cancelled: vi.fn() };
  const shown = await show(
    <ConfirmSignIn
      next="/users/ada?impersonate"
      onConfirmed={done.confirmed}
      onCancel={done.cancelled}
    />,
    { as },
  );
  return { ...shown, ...done };
}

describe("confirming who one is", () => {
  it("takes the password, and goes on", async () => {
    const calls = service({ "POST /me/confirm": staff({ recent_sign_in_until: LATER }) });
    const { confirmed, queryClient } = await open();
    await userEvent.type(screen.getByLabelText("Your password in the app"), "secret");
    await userEvent.click(screen.getByRole("button", { name: "Confirm" }));
    await waitFor(() => expect(confirmed).toHaveBeenCalledOnce());
    expect(calls.map(({ body }) => body)).toEqual([{ password: "secret" }]);
    expect(queryClient.getQueryData(meQuery.queryKey)?.recent_sign_in_until).toBe(LATER);
  });

  it("says when the password is wrong, and stays", async () => {
    const wrong = "Your password in the app is another one.";
    service({
      "POST /me/confirm": () => problem(422, { code: "invalid_input", detail: wrong }),
    });
    const { confirmed } = await open();
    await userEvent.type(screen.getByLabelText("Your password in the app"), "guess{Enter}");
    expect((await screen.findByRole("alert")).textContent).toBe(wrong);
    expect(confirmed).not.toHaveBeenCalled();
  });

  it("leads to the app’s sign-in, and from there back to this page", async () => {
    service({});
    await open();
    const link = screen.getByRole("link", { name: /sign in again in the app/i });
    expect(link.getAttribute("href")).toBe("/login?next=%2Fusers%2Fada%3Fimpersonate");
  });

  it("asks for no password where the app checks none", async () => {
    service({});
    const { cancelled } = await open(staff({ confirms_password: false }));
    expect(screen.queryByLabelText("Your password in the app")).toBeNull();
    expect(screen.getByRole("link", { name: /sign in again in the app/i })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Not now" }));
    expect(cancelled).toHaveBeenCalledOnce();
  });
});
