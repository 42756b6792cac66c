import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Me } from "../../api/types";
import { application, grant, me, session, settings, subject } from "../../test/made";
import { show } from "../../test/render";
import { page, problem, service } from "../../test/service";
import { staff } from "../../test/staff";
import { ImpersonateDialog } from "./ImpersonateDialog";
import type { Prefill } from "./request";

const REASON = "Ada cannot find the reports";

interface Asked {
  change?: Parameters<typeof settings>[0];
  prefill?: Prefill;
  as?: Me;
}

async function open({ change = {}, prefill = {}, as = me() }: Asked = {}) {
  await show(
    <ImpersonateDialog
      subject={subject()}
      application={application({ settings: settings(change) })}
      prefill={prefill}
      onClose={() => {}}
    />,
    { as },
  );
  return screen.findByRole("dialog", { name: "Impersonate Ada Lovelace" });
}

function sent(calls: ReturnType<typeof service>) {
  return calls.filter(({ method }) => method === "POST");
}

function reasonField(): HTMLElement {
  return screen.getByRole("textbox", { name: /Reason/ });
}

describe("the request dialog", () => {
  it("asks for nothing before a reason is there", async () => {
    const calls = service({});
    await open();
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    expect(reasonField()).toHaveProperty("ariaInvalid", "true");
    expect(document.activeElement).toBe(reasonField());
    expect(sent(calls)).toEqual([]);
  });

  it("says how much of the reason is still missing", async () => {
    service({});
    await open();
    await userEvent.type(reasonField(), "four");
    expect(screen.getByText("4 of at least 10 characters")).toBeTruthy();
    await userEvent.type(reasonField(), " and more");
    expect(screen.getByText("13 of 1,000")).toBeTruthy();
  });

  it("is filled in by a link, and not sent by it", async () => {
    const calls = service({});
    await open({ prefill: { reason: REASON, ticket: "4812" } });
    expect(reasonField()).toHaveProperty("value", REASON);
    expect(screen.getByRole("textbox", { name: /Ticket/ })).toHaveProperty("value", "4812");
    expect(sent(calls)).toEqual([]);
  });

  it("sends one request that can be told from another", async () => {
    const calls = service({
      "POST /impersonations": { grant: grant() },
      "GET /grants/grt_1": grant(),
    });
    await open({ prefill: { reason: REASON } });
    await userEvent.click(screen.getByRole("radio", { name: "Full" }));
    await userEvent.type(reasonField(), "{Control>}{Enter}{/Control}");
    await screen.findByRole("button", { name: "Launch in new tab" });
    const [first, ...more] = sent(calls);
    expect(more).toEqual([]);
    expect(first?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(first?.headers.get("Content-Type")).toBe("application/json");
    expect(first?.body).toEqual({
      application_id: "app_harbor",
      subject_id: "ada",
      organization_id: "tidewater",
      reason: REASON,
      minutes: 30,
      scope: "full",
    });
  });

  it("is the same request when it is sent again after no answer, and another one once changed", async () => {
    const answers = ["none", "none", "refused", "granted"];
    const calls = service({
      "POST /impersonations": () => {
        const now = answers.shift();
        if (now === "none") throw new TypeError("Failed to fetch");
        if (now === "refused") return problem(403, { code: "refused", rule: "nested" });
        return { grant: grant() };
      },
      "GET /grants/grt_1": grant(),
    });
    await open({ prefill: { reason: REASON } });
    const send = () => userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    await send();
    await screen.findByText(/did not answer/);
    await send();
    await waitFor(() => expect(sent(calls)).toHaveLength(2));
    await screen.findByRole("alert");
    await userEvent.type(reasonField(), "!");
    await send();
    await screen.findByText(/impersonation within/);
    await send();
    await screen.findByRole("button", { name: "Launch in new tab" });
    const keys = sent(calls).map(({ headers }) => headers.get("Idempotency-Key"));
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
  });

  it("says first whose session the launch will end, and still does once it is permitted", async () => {
    const other = session({
      grant_id: "grt_2",
      subject: { id: "boris", email: null, name: "Boris Dahl" },
    });
    service({
      "POST /impersonations": { grant: grant() },
      "GET /grants/grt_1": grant(),
      "GET /sessions": page(other),
    });
    await open({ prefill: { reason: REASON } });
    const told = "Your session as Boris Dahl in Harbor ends when you launch this one.";
    await screen.findByText(told);
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    await screen.findByRole("button", { name: "Launch in new tab" });
    expect(screen.getByText(told)).toBeTruthy();
  });

  it("tells of one's own session in the account once, and not as of somebody's", async () => {
    service({ "GET /sessions": page(session()) });
    await show(
      <ImpersonateDialog
        subject={subject({ live_session_id: "ses_1" })}
        application={application()}
        onClose={() => {}}
      />,
    );
    await screen.findByRole("button", { name: "Open the app as Ada Lovelace" });
    expect(screen.queryByText(/Somebody is working/)).toBeNull();
  });

  it("lists what stays blocked", async () => {
    service({});
    const blocked = [{ method: "POST", pattern: "/payout", label: "Change the payout" }];
    const dialog = await open({ change: { blocked_actions: blocked } });
    expect(within(dialog).getByText("Stays blocked: Change the payout")).toBeTruthy();
    expect(within(dialog).getByText("POST /payout")).toBeTruthy();
  });

  it("says in words what the deny profile keeps away", async () => {
    service({});
    const dialog = await open({ change: { deny_packs: { packs: ["two_factor"], excepted: [] } } });
    expect(within(dialog).getByText("Stays blocked: changing the second factor")).toBeTruthy();
  });

  it("offers no scope that is not allowed", async () => {
    service({});
    await open({ change: { allowed_scopes: ["read_only"] } });
    expect(screen.queryByRole("radio", { name: "Full" })).toBeNull();
    expect(screen.getByRole("radio", { name: "Read only" })).toHaveProperty("checked", true);
  });
});

describe("a refusal", () => {
  it("says which rule said no and who can lift it, and keeps what was typed", async () => {
    service({
      "POST /impersonations": problem(403, { code: "refused", rule: "subject_outranks" }),
    });
    await open({ prefill: { reason: REASON } });
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("ranks as high as yours");
    expect(alert.textContent).toContain("An admin sets the ranks of roles");
    expect(alert.textContent).toContain("subject_outranks");
    expect(reasonField()).toHaveProperty("value", REASON);
  });

  it("without a rule is told in the service's own words", async () => {
    const detail = "Your role does not include this.";
    service({ "POST /impersonations": problem(403, { code: "permission_missing", detail }) });
    await open({ prefill: { reason: REASON } });
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    expect((await screen.findByRole("alert")).textContent).toBe(detail);
  });

  it("is gone once the request is permitted", async () => {
    let refused = false;
    service({
      "POST /impersonations": () => {
        if (refused) return { grant: grant() };
        refused = true;
        return problem(503, { code: "unavailable", detail: "Try again shortly." });
      },
      "GET /grants/grt_1": grant(),
      "GET /sessions": page(),
    });
    await open({ prefill: { reason: REASON } });
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    await screen.findByRole("alert");
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    expect(screen.getByRole("button", { name: "Launch in new tab" })).toBeTruthy();
  });
});

describe("a sign-in of long ago", () => {
  it("is confirmed before the request, of which nothing is lost", async () => {
    let recent = false;
    const calls = service({
      "POST /impersonations": () =>
        recent ? { grant: grant() } : problem(403, { code: "recent_sign_in_required" }),
      "POST /me/confirm": () => {
        recent = true;
        return staff({ recent_sign_in_until: "2126-01-01T00:00:00Z" });
      },
      "GET /grants/grt_1": grant(),
    });
    await open({ prefill: { reason: REASON, ticket: "4812" }, as: staff() });
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    const password = await screen.findByLabelText("Your password in the app");
    const link = screen.getByRole("link", { name: /sign in again in the app/i });
    expect(decodeURIComponent(link.getAttribute("href") ?? "")).toMatch(
      /^\/login\?next=\/users\/ada\?.*impersonate.*ticket=4812/,
    );
    await userEvent.type(password, "secret{Enter}");
    await screen.findByRole("button", { name: "Launch in new tab" });
    const asked = sent(calls).filter(({ path }) => path === "/api/v1/impersonations");
    expect(asked.map(({ body }) => (body as { ticket: string }).ticket)).toEqual(["4812", "4812"]);
  });

  it("need not be, and the request is there again", async () => {
    service({ "POST /impersonations": () => problem(403, { code: "recent_sign_in_required" }) });
    await open({ prefill: { reason: REASON }, as: staff() });
    await userEvent.click(screen.getByRole("button", { name: "Impersonate" }));
    await screen.findByLabelText("Your password in the app");
    await userEvent.click(screen.getByRole("button", { name: "Not now" }));
    expect(reasonField()).toHaveProperty("value", REASON);
  });
});
