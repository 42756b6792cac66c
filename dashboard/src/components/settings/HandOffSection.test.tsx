import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { admin, application } from "../../test/made";
import { show } from "../../test/render";
import { page, service } from "../../test/service";
import { SettingsForm } from "./SettingsForm";

// Large forms take their time in jsdom when the machine is busy.
vi.setConfig({ testTimeout: 20_000 });

/** What was sent; the page asks for holds as well. */
function saved(calls: ReturnType<typeof service>) {
  return calls.filter(({ method }) => method !== "GET");
}

const WARNING = "Whoever gets hold of this address first becomes the user";

it("warns of a token in the address, with the address, before it is saved", async () => {
  const calls = service({ "GET /holds": page(), "PATCH /applications/app_harbor": application() });
  await show(<SettingsForm application={application()} />, { as: admin() });
  expect(screen.queryByText(WARNING)).toBeNull();
  await userEvent.click(screen.getByRole("radio", { name: /A token in the address/ }));
  expect(screen.getByText(WARNING)).toBeTruthy();
  expect(
    screen.getByText(
      "https://app.example/_understudy/callback?stytch_token_type=multi_tenant_impersonation&token=…",
    ),
  ).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(saved(calls)).toHaveLength(1));
  expect(saved(calls)[0]?.body).toEqual({ settings: { hand_off: "stytch" } });
});

it("opens the browser SDK to the origins that are listed", async () => {
  const calls = service({ "GET /holds": page(), "PATCH /applications/app_harbor": application() });
  await show(<SettingsForm application={application()} />, { as: admin() });
  await userEvent.click(screen.getByRole("switch", { name: /Browser SDK/ }));
  expect(screen.getByText("As long as no origin is listed, every page is refused.")).toBeTruthy();
  expect(screen.getByText("public-token-app_harbor")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Add an origin" }));
  await userEvent.click(screen.getByRole("textbox", { name: "Origin 1" }));
  await userEvent.paste("https://app.example/");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Only the origin: https://app.example")).toBeTruthy();
  await userEvent.click(screen.getByRole("textbox", { name: "Origin 1" }));
  await userEvent.keyboard("{End}{Backspace}");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(saved(calls)).toHaveLength(1));
  expect(saved(calls)[0]?.body).toEqual({
    settings: { browser_sdk: true, browser_origins: ["https://app.example"] },
  });
});
