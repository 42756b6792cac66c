import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { application, me, subject } from "./test/made";
import { page, problem, service } from "./test/service";

const SIGNED_OUT = { code: "not_signed_in", detail: "Sign in first." };

const HOUSE = {
  "GET /applications": page(application()),
  "GET /subjects": page(subject()),
  "GET /organizations": page(),
  "GET /sessions": page(),
  "GET /grants": page(),
  "GET /operators": page(),
  "GET /subjects/ada": subject(),
};

// Each test loads the whole dashboard anew.
vi.setConfig({ testTimeout: 30_000 });

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  vi.stubGlobal(
    "EventSource",
    class extends EventTarget {
      close(): void {}
    },
  );
});

/** Opens the dashboard as a browser does: from the address bar, with nothing loaded yet. */
async function open(address: string): Promise<void> {
  window.history.replaceState(null, "", address);
  const { App } = await import("./App");
  render(<App />);
}

async function places(): Promise<string[]> {
  const navigation = await screen.findByRole("navigation", { name: "Main" }, { timeout: 5_000 });
  return within(navigation)
    .getAllByRole("link")
    .map((link) => link.textContent ?? "");
}

describe("signing in", () => {
  it("comes first, and leads back to the page that was asked for", async () => {
    let signedIn = false;
    const calls = service({
      ...HOUSE,
      "GET /me": () => (signedIn ? me() : problem(401, SIGNED_OUT)),
      "POST /sign-in": () => {
        signedIn = true;
        return me();
      },
    });
    await open("/users/ada?application_id=app_harbor&impersonate&reason=Invoice&ticket=0481");
    await userEvent.type(await screen.findByLabelText("E-mail", {}, { timeout: 5_000 }), "sam@x");
    expect(window.location.pathname).toBe("/sign-in");
    await userEvent.type(screen.getByLabelText("Password"), "correct horse battery");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    const dialog = await screen.findByRole(
      "dialog",
      { name: "Impersonate Ada Lovelace" },
      { timeout: 5_000 },
    );
    expect(within(dialog).getByLabelText(/Ticket/)).toHaveProperty("value", "0481");
    expect(window.location.pathname).toBe("/users/ada");
    const posted = calls.filter(({ method }) => method === "POST").map(({ path }) => path);
    expect(posted).toEqual(["/api/v1/sign-in"]);
  });

  it("does not say which of the two was wrong", async () => {
    service({ "POST /sign-in": problem(401, { code: "token_invalid", detail: "no such e-mail" }) });
    await open("/sign-in");
    await userEvent.type(await screen.findByLabelText("E-mail", {}, { timeout: 5_000 }), "sam@x");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect((await screen.findByRole("alert")).textContent).toBe("E-mail or password is wrong.");
  });

  it("is asked for again once it is over, and the page is kept in mind", async () => {
    let signedIn = true;
    service({
      ...HOUSE,
      "GET /me": me(),
      "GET /sessions": () => (signedIn ? page() : problem(401, SIGNED_OUT)),
    });
    await open("/users?query=ada");
    await screen.findByRole("link", { name: "Ada Lovelace" }, { timeout: 5_000 });
    signedIn = false;
    await userEvent.click(screen.getByRole("link", { name: "Sessions" }));
    await screen.findByRole("heading", { name: "Sign in" }, { timeout: 5_000 });
    expect(new URLSearchParams(window.location.search).get("next")).toBe("/sessions");
  });
});

describe("the way to the pages", () => {
  it("shows a support manager what their role includes", async () => {
    service({ ...HOUSE, "GET /me": me() });
    await open("/users");
    expect(await places()).toEqual(["Users", "Sessions", "Settings"]);
    expect(await screen.findByRole("button", { name: "Impersonate" })).toBeTruthy();
  });

  it("shows an auditor the log, and nothing to impersonate with", async () => {
    const permissions = [
      "directory.read",
      "sessions.read",
      "audit.read",
      "operators.read",
    ] as const;
    service({ ...HOUSE, "GET /me": me({ roles: ["auditor"], permissions: [...permissions] }) });
    await open("/users");
    expect(await places()).toEqual(["Users", "Sessions", "Audit", "Team"]);
    await screen.findByRole("link", { name: "Ada Lovelace" });
    expect(screen.queryByRole("button", { name: "Impersonate" })).toBeNull();
  });
});

describe("a service that is away", () => {
  it("is said to be, with a way to try again that works", async () => {
    let away = true;
    service({
      ...HOUSE,
      "GET /me": () => {
        if (away) throw new TypeError("Failed to fetch");
        return me();
      },
    });
    await open("/users");
    await screen.findByText("The service cannot be reached", {}, { timeout: 8_000 });
    away = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("link", { name: "Ada Lovelace" }, { timeout: 5_000 });
  });
});
