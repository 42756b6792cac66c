import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { application, grant, session } from "../../test/made";
import { show } from "../../test/render";
import { page, problem, service } from "../../test/service";
import { staff } from "../../test/staff";
import { LaunchPanel } from "./LaunchPanel";
import { stageOf } from "./stage";

afterEach(() => vi.useRealTimers());

/** jsdom cannot send forms; what matters is whether the browser would. */
function watchSubmits(): HTMLFormElement[] {
  const sent: HTMLFormElement[] = [];
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    // A form that has left the page by now is not sent.
    if (form.isConnected) sent.push(form);
  });
  return sent;
}

describe("launching", () => {
  it("posts a form into a tab that has no hold on this one", async () => {
    service({ "GET /grants/grt_1": grant() });
    await show(<LaunchPanel grant={grant()} application={application()} />);
    const form = screen.getByRole("button", { name: "Launch in new tab" }).closest("form");
    expect(form?.getAttribute("action")).toBe("/api/v1/grants/grt_1/launch");
    expect(form?.method).toBe("post");
    expect(form?.target).toBe("_blank");
    expect(form?.getAttribute("rel")).toBe("noopener noreferrer");
  });

  it("keeps the form on the page, so that it is really sent, and waits for the app", async () => {
    service({ "GET /grants/grt_1": grant() });
    await show(<LaunchPanel grant={grant()} application={application()} />);
    const sent = watchSubmits();
    await userEvent.click(screen.getByRole("button", { name: "Launch in new tab" }));
    expect(sent).toHaveLength(1);
    expect(screen.getByText("Waiting for Harbor…")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Launch again" })).toBeTruthy();
  });

  it("asks first whether it is still the same person, where an app signed them in long ago", async () => {
    const later = "2126-01-01T00:00:00Z";
    service({
      "GET /grants/grt_1": grant(),
      "POST /me/confirm": staff({ recent_sign_in_until: later }),
    });
    await show(<LaunchPanel grant={grant()} application={application()} />, { as: staff() });
    const prevented: boolean[] = [];
    document.addEventListener("submit", (event) => prevented.push(event.defaultPrevented));
    await userEvent.click(screen.getByRole("button", { name: "Launch in new tab" }));
    const dialog = await screen.findByRole("dialog", { name: "Is it still you?" });
    expect(prevented).toEqual([true]);
    expect(screen.queryByText("Waiting for Harbor…")).toBeNull();
    await userEvent.type(within(dialog).getByLabelText("Your password in the app"), "x{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    watchSubmits();
    await userEvent.click(screen.getByRole("button", { name: "Launch in new tab" }));
    expect(screen.getByText("Waiting for Harbor…")).toBeTruthy();
  });

  it("shows the session once the app has begun it, and how much of it is left", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, now: Date.parse("2026-06-01T12:03:19Z") });
    service({
      "GET /grants/grt_1": grant({ status: "active" }),
      "GET /sessions": page(session()),
    });
    await show(<LaunchPanel grant={grant({ status: "active" })} application={application()} />);
    await screen.findByText("You are working as Ada Lovelace.");
    expect(screen.getByRole("timer").textContent).toBe("26:41 left");
    act(() => void vi.advanceTimersByTime(2_000));
    expect(screen.getByRole("timer").textContent).toMatch(/^26:3\d left$/);
  });

  it("says where to end it while this browser itself is the user's", async () => {
    const nested = () => problem(403, { code: "nested", detail: "End the present session first." });
    service({ "GET /grants/grt_1": nested });
    await show(<LaunchPanel grant={grant()} application={application()} onClose={() => {}} />);
    await screen.findByText("You are working as Ada Lovelace.");
    expect(screen.getByText(/in the banner over Harbor/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Launch|Cancel|End/ })).toBeNull();
    expect(screen.getByRole("button", { name: "Close" })).toBeTruthy();
  });

  it("ends the session at a click", async () => {
    let over = false;
    const ended = session({ ended_at: "2026-06-01T12:04:00Z", end_cause: "ended_by_actor" });
    const calls = service({
      "GET /grants/grt_1": () => grant({ status: over ? "closed" : "active" }),
      "GET /sessions": () => page(over ? ended : session()),
      "POST /sessions/ses_1/end": () => {
        over = true;
        return ended;
      },
    });
    await show(<LaunchPanel grant={grant({ status: "active" })} application={application()} />);
    await userEvent.click(await screen.findByRole("button", { name: "End session" }));
    await screen.findByText("You ended the session.");
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("gives the permission back", async () => {
    let status: "ready" | "cancelled" = "ready";
    service({
      "GET /grants/grt_1": () => grant({ status }),
      "POST /grants/grt_1/cancel": () => {
        status = "cancelled";
        return grant({ status });
      },
    });
    await show(<LaunchPanel grant={grant()} application={application()} />);
    await userEvent.click(screen.getByRole("button", { name: "Cancel the request" }));
    await screen.findByText("Nothing happened in Ada Lovelace’s account.");
    await waitFor(() => expect(screen.queryByRole("button", { name: /Launch/ })).toBeNull());
  });
});

describe("how far a grant has come", () => {
  it("follows grant and session", () => {
    const over = session({ ended_at: "2026-06-01T12:04:00Z", end_cause: "idle" });
    expect(stageOf(grant(), undefined, false)).toBe("ready");
    expect(stageOf(grant(), undefined, true)).toBe("waiting");
    expect(stageOf(grant({ status: "active" }), undefined, false)).toBe("waiting");
    expect(stageOf(grant({ status: "active" }), session(), true)).toBe("live");
    expect(stageOf(grant({ status: "closed" }), over, true)).toBe("over");
    for (const status of ["closed", "denied", "cancelled", "expired"] as const) {
      expect(stageOf(grant({ status }), undefined, true)).toBe("over");
    }
  });
});
