import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { show } from "../../test/render";
import { problem, service } from "../../test/service";
import { AskUser } from "./AskUser";

const BODY = { application_id: "app_harbor", subject_id: "ada", reason: "Cannot find the reports" };

function request(state: string) {
  return {
    id: "csr_1",
    state,
    scope: "full",
    minutes: 30,
    digits: "47",
    created_at: "2026-01-05T09:00:00Z",
    expires_at: "2026-01-05T09:30:00Z",
  };
}

async function ask() {
  await show(<AskUser body={BODY} />);
  await userEvent.click(await screen.findByRole("button", { name: "Ask the user" }));
}

describe("asking a user", () => {
  it("puts the request to them, and shows what to read out", async () => {
    const calls = service({
      "POST /consent-requests": request("pending"),
      "GET /consent-requests/csr_1": request("pending"),
    });
    await ask();
    expect(await screen.findByText("47")).toBeTruthy();
    expect(calls.find(({ method }) => method === "POST")?.body).toEqual(BODY);
  });

  it.each([
    ["allowed", "They agreed. Press Impersonate."],
    ["declined", "They do not agree."],
  ])("says that they have %s it", async (state, words) => {
    service({
      "POST /consent-requests": request("pending"),
      "GET /consent-requests/csr_1": request(state),
    });
    await ask();
    expect(await screen.findByText(words)).toBeTruthy();
  });

  it("takes a code that was read out, and tells one that is wrong", async () => {
    const wrong = problem(403, { code: "refused", rule: "code_refused", detail: "Not right." });
    const calls = service({
      "POST /consent-requests": request("pending"),
      "GET /consent-requests/csr_1": request("pending"),
      "POST /consent-requests/csr_1/redeem": wrong,
    });
    await ask();
    await userEvent.type(await screen.findByRole("textbox"), "HELP 1234 5678");
    await userEvent.click(screen.getByRole("button", { name: "Use code" }));
    expect(await screen.findByText(/Not right/)).toBeTruthy();
    expect(calls.at(-1)?.body).toEqual({ code: "HELP 1234 5678" });
  });
});
