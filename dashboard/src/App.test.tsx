import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  admin,
  application,
  delivery,
  entry,
  me,
  operator,
  session,
  subject,
  webhook,
} from "./test/made";
import { page, problem, service } from "./test/service";
import { inAnApp, staff } from "./test/staff";

const SIGNED_OUT = { code: "not_signed_in", detail: "Sign in first." };

const HOUSE = {
  "GET /applications": page(application()),
  "GET /subjects": page(subject()),
  "GET /organizations": page(),
  "GET /sessions": page(),
  "GET /grants": page(),
  "GET /operators": page(),
  "GET /subjects/ada": subject(),
  "GET /subjects/ada/history": page(),
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

describe("searching for users", () => {
  it("does not pull back whoever has gone on before the search did", async () => {
    service({ ...HOUSE, "GET /me": me() });
    // The page comes over the network, which takes longer than the search's pause.
    vi.doMock("./pages/User", async (original) => {
      await new Promise((done) => setTimeout(done, 400));
      return original();
    });
    await open("/users");
    const field = await screen.findByRole("searchbox", {}, { timeout: 5_000 });
    const ada = await screen.findByRole("link", { name: /Ada Lovelace/ }, { timeout: 5_000 });
    const typing = userEvent.setup({ delay: null });
    await typing.type(field, "ada");
    await typing.click(ada);
    await screen.findByText("Who worked in this account", {}, { timeout: 5_000 });
    expect(window.location.pathname).toBe("/users/ada");
    vi.doUnmock("./pages/User");
  });
});

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

describe("a dashboard in an app that signs its staff in", () => {
  let undo = () => {};
  beforeEach(() => {
    undo = inAnApp();
  });
  afterEach(() => undo());

  it.each([
    ["/sessions?state=over", "/sessions?state=over"],
    ["/setup", "/"],
    ["/invitation#token=x", "/"],
    ["/taken-over#token=x", "/"],
  ])("has no forms for those who are not there, but the way to the app: %s", async (at, next) => {
    service({ ...HOUSE, "GET /me": problem(401, SIGNED_OUT) });
    await open(at);
    const link = await screen.findByRole(
      "link",
      { name: "Go to the app’s sign-in" },
      { timeout: 5_000 },
    );
    expect(link.getAttribute("href")).toBe(`/login?next=${encodeURIComponent(next)}`);
    expect(screen.queryByLabelText("Password")).toBeNull();
    const again = screen.getByRole("link", { name: /try again/ });
    expect(again.getAttribute("href")).toBe(window.location.href);
  });

  it("leaves passwords to the app", async () => {
    service({ ...HOUSE, "GET /me": staff() });
    await open("/account");
    await screen.findByText("The app’s own login", {}, { timeout: 5_000 });
    expect(screen.queryByRole("heading", { name: "Password" })).toBeNull();
  });

  it("leaves to the app who is staff, and as what, but groups and disables them", async () => {
    const kim = operator({ id: "opr_kim", name: "Kim", signed_in_by: "app" });
    const admin = staff({ roles: ["admin"], permissions: ["operators.read", "operators.write"] });
    service({ ...HOUSE, "GET /me": admin, "GET /operators": page(kim) });
    await open("/team");
    const menu = await screen.findByRole("button", { name: "Actions for Kim" }, { timeout: 5_000 });
    expect(screen.queryByRole("button", { name: "Invite" })).toBeNull();
    await userEvent.click(menu);
    await waitFor(() =>
      expect(
        screen.getAllByRole("menuitem", { hidden: true }).map(({ textContent }) => textContent),
      ).toEqual(["Change groups…", "Sign out everywhere…", "Disable…"]),
    );
  });
});

describe("a page about somebody", () => {
  it("is found again on a reload although the id holds a slash", async () => {
    const slashed = subject({ id: "team/ada x" });
    const calls = service({
      ...HOUSE,
      "GET /me": me(),
      "GET /subjects/team%2Fada%20x": slashed,
      "GET /subjects/team%2Fada%20x/history": page(),
    });
    await open("/users/team%2Fada%20x?application_id=app_harbor");
    await screen.findByRole("heading", { name: /Ada Lovelace/ }, { timeout: 5_000 });
    expect(window.location.pathname).toBe("/users/team%2Fada%20x");
    const asked = calls.filter(({ path }) => path.startsWith("/api/v1/grants"));
    expect(asked.map(({ query }) => query.get("subject_id"))).toEqual(["team/ada x"]);
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

describe("an entry of the log", () => {
  it("is shown whole when a newer service wrote it", async () => {
    service({
      ...HOUSE,
      "GET /me": me({ roles: ["auditor"], permissions: ["audit.read"] }),
      "GET /audit/entries/7": entry({ type: "policy.changed", details: { policy: "nights" } }),
    });
    await open("/audit/7");
    await screen.findByRole("heading", { name: "Policy changed #7" }, { timeout: 5_000 });
    expect(screen.getByText("policy.changed")).toBeTruthy();
    expect(screen.getByText("Policy").nextElementSibling?.textContent).toBe("nights");
  });
});

describe("the webhooks of an application", () => {
  const WEBHOOKS = { ...HOUSE, "GET /webhooks": page(webhook()) };

  it("are there to be looked at by an auditor, who changes none", async () => {
    const permissions = ["applications.read", "webhooks.read"] as const;
    const auditor = me({ roles: ["auditor"], permissions: [...permissions] });
    service({
      ...WEBHOOKS,
      "GET /me": auditor,
      "GET /webhooks/whe_1": webhook(),
      "GET /webhooks/whe_1/deliveries": page(delivery()),
    });
    await open("/settings/app_harbor/webhooks");
    const link = await screen.findByRole("link", { name: "Security channel" }, { timeout: 5_000 });
    expect(screen.queryByRole("button", { name: "Add a webhook" })).toBeNull();
    await userEvent.click(link);
    await screen.findByRole("link", { name: "Session started" }, { timeout: 5_000 });
    expect(screen.queryByRole("button", { name: /^(Send a test|Actions for)/ })).toBeNull();
  });

  it("are an admin’s to add and to change", async () => {
    service({
      ...WEBHOOKS,
      "GET /me": admin(),
      "GET /webhooks/whe_1": webhook(),
      "GET /webhooks/whe_1/deliveries": page(),
    });
    await open("/settings/app_harbor/webhooks");
    await screen.findByRole("button", { name: "Add a webhook" }, { timeout: 5_000 });
    await userEvent.click(screen.getByRole("link", { name: "Security channel" }));
    await screen.findByRole("button", { name: "Send a test" }, { timeout: 5_000 });
    expect(screen.getByRole("button", { name: "Actions for Security channel" })).toBeTruthy();
  });

  it("are refused to those whose role does not include them", async () => {
    const refusal = problem(403, {
      code: "not_allowed",
      detail: "Your role does not include this.",
    });
    service({ ...HOUSE, "GET /me": me(), "GET /webhooks": refusal });
    await open("/settings/app_harbor/webhooks");
    await screen.findByText("Not for your role", {}, { timeout: 5_000 });
    expect(screen.queryByRole("link", { name: "Webhooks" })).toBeNull();
  });

  it("of another application are no page of this one", async () => {
    service({
      ...WEBHOOKS,
      "GET /me": admin(),
      "GET /webhooks/whe_1": webhook({ application_id: "app_other" }),
    });
    await open("/settings/app_harbor/webhooks/whe_1");
    await screen.findByText("There is no such page", {}, { timeout: 5_000 });
  });
});

describe("a link about an application that is not there", () => {
  it.each([
    "/users/ada?application_id=app_gone&impersonate&reason=Invoice",
    "/users?application_id=app_gone",
  ])("says so, and shows nobody of another one: %s", async (address) => {
    const calls = service({ ...HOUSE, "GET /me": me() });
    await open(address);
    await screen.findByText("There is no such application", {}, { timeout: 5_000 });
    expect(screen.getByText("app_gone")).toBeTruthy();
    expect(screen.queryByText("Ada Lovelace")).toBeNull();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(calls.filter(({ path }) => path.includes("/subjects"))).toEqual([]);
    expect(localStorage.getItem("understudy.application")).toBeNull();
  });
});

describe("sessions of which none is left by a filter", () => {
  it.each([
    ["", "Nobody is on stage"],
    ["?subject_id=ada&application_id=app_harbor", "No live session fits"],
    ["?actor_id=opr_mara", "No live session fits"],
    ["?state=over&application_id=app_harbor", "No past session fits"],
  ])("are not said to be all there are: %s", async (search, title) => {
    service({ ...HOUSE, "GET /me": me() });
    await open(`/sessions${search}`);
    await screen.findByText(title, {}, { timeout: 5_000 });
  });
});

describe("the settings of an application", () => {
  it("are text to those who change none, with nothing greyed out", async () => {
    const auditor = me({ roles: ["auditor"], permissions: ["applications.read"] });
    service({ ...HOUSE, "GET /me": auditor });
    await open("/settings/app_harbor");
    expect(await screen.findByText("Longest session", {}, { timeout: 5_000 })).toBeTruthy();
    expect(document.querySelectorAll("main :disabled")).toHaveLength(0);
    expect(screen.getByText("60 minutes")).toBeTruthy();
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

describe("coming back from an app", () => {
  const over = session({ ended_at: "2026-06-01T12:03:00Z", end_cause: "ended_by_actor" });

  it("leads to the account in which one has been, and says what became of the session", async () => {
    service({ ...HOUSE, "GET /me": me(), "GET /sessions/ses_1": over });
    await open("/ended?session=ses_1");
    await screen.findByText("You ended the session. It lasted 3 min.", {}, { timeout: 5_000 });
    expect(window.location.pathname + window.location.search).toBe(
      "/users/ada?application_id=app_harbor&ended=ses_1",
    );
  });

  it.each([
    ["somebody else’s session", session({ actor: { ...over.actor, id: "opr_tom" } })],
    ["one that nobody may see", problem(404, { code: "not_found" })],
  ])("shows nothing of %s", async (_whose, answer) => {
    service({ ...HOUSE, "GET /me": me(), "GET /sessions/ses_1": () => answer });
    await open("/ended?session=ses_1");
    await screen.findByRole("heading", { name: "Users" }, { timeout: 5_000 });
    expect(window.location.pathname).toBe("/users");
    expect(screen.queryByText(/You are yourself again/)).toBeNull();
  });
});

describe("an account that somebody got into by a fresh link", () => {
  const ASKED = {
    email: "sam@understudy.example",
    taken_over_at: "2026-06-01T12:00:00Z",
    expires_at: "2026-06-04T12:00:00Z",
  };

  it.each([
    ["It was me", true, "Thank you"],
    ["It was somebody else", false, "Whoever it was is out"],
  ])(
    "is asked about by a mailed link, which does nothing by itself: %s",
    async (name, mine, says) => {
      const calls = service({
        "POST /take-overs/inspect": ASKED,
        "POST /take-overs/answer": undefined,
      });
      await open("/taken-over#token=usc_x");
      const button = await screen.findByRole("button", { name }, { timeout: 5_000 });
      const answered = () => calls.filter(({ path }) => path.endsWith("/answer"));
      expect(answered()).toEqual([]);
      expect(window.location.hash).toBe("");
      await userEvent.click(button);
      await screen.findByText(says);
      expect(answered().map(({ body }) => body)).toEqual([{ token: "usc_x", mine }]);
    },
  );

  it("says so of a link that is dead", async () => {
    service({ "POST /take-overs/inspect": problem(401, { code: "token_invalid" }) });
    await open("/taken-over#token=usc_x");
    await screen.findByText("This link no longer works", {}, { timeout: 5_000 });
  });

  it("is marked in the team, and confirmed by a colleague", async () => {
    const taken = operator({ id: "opr_kim", name: "Kim", taken_over_at: "2026-06-01T12:00:00Z" });
    const calls = service({
      ...HOUSE,
      "GET /me": me({ permissions: ["operators.read", "operators.write"] }),
      "GET /operators": page(taken),
      "POST /operators/opr_kim/confirm-owner": operator({ id: "opr_kim", name: "Kim" }),
    });
    await open("/team");
    await screen.findByText("Account taken over", {}, { timeout: 5_000 });
    await userEvent.click(screen.getByRole("button", { name: "Actions for Kim" }));
    const slowly = { timeout: 5_000 };
    const item = await screen.findByRole(
      "menuitem",
      { name: "Confirm the owner…", hidden: true },
      slowly,
    );
    await userEvent.click(item);
    await userEvent.click(
      await screen.findByRole("button", { name: "It is", hidden: true }, slowly),
    );
    await screen.findByText("What Kim does is marked no more.");
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
});
