// @vitest-environment node
import { describe, expect, it } from "vitest";
import {
  auditSearch,
  endedSearch,
  localPath,
  sessionsSearch,
  signInSearch,
  userSearch,
  webhookSearch,
} from "./search";

describe("the way back after signing in", () => {
  it("leads within the dashboard", () => {
    expect(localPath("/users/ada?impersonate&ticket=4812")).toBe(
      "/users/ada?impersonate&ticket=4812",
    );
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "users",
    "/\t/evil.example",
  ])("does not lead to %j", (next) => {
    expect(signInSearch({ next })).toEqual({ next: undefined });
  });
});

it("an app that sends its actor back names one session, or none", () => {
  expect(endedSearch({ session: "ses_1" })).toEqual({ session: "ses_1" });
  expect(endedSearch({ session: ["ses_1", "ses_2"] })).toEqual({ session: undefined });
  expect(userSearch({ ended: "ses_1" })).toMatchObject({ ended: "ses_1" });
});

describe("a link from a ticket", () => {
  it("opens the dialog filled in", () => {
    const raw = { application_id: "app_1", impersonate: "", reason: "Invoice", ticket: "4812" };
    expect(userSearch(raw)).toEqual({
      application_id: "app_1",
      impersonate: true,
      reason: "Invoice",
      ticket: "4812",
    });
  });

  it("that does not ask for the dialog does not open it", () => {
    expect(userSearch({ reason: "Invoice" }).impersonate).toBeUndefined();
  });
});

describe("filters in the URL", () => {
  it("keep types of entries, those of a newer service too, and drop the rest", () => {
    expect(auditSearch({ type: "policy.changed" }).type).toEqual(["policy.changed"]);
    expect(auditSearch({ type: ["session.started", "nonsense", "toString"] }).type).toEqual([
      "session.started",
    ]);
    expect(auditSearch({ type: "session.ended" }).type).toEqual(["session.ended"]);
    expect(auditSearch({ type: "nonsense" }).type).toBeUndefined();
  });

  it("take times that are times", () => {
    expect(auditSearch({ since: "24h", until: "2026-01-01T00:00:00Z" })).toMatchObject({
      since: "24h",
      until: "2026-01-01T00:00:00Z",
    });
    expect(auditSearch({ since: "soon", until: "24h" })).toMatchObject({
      since: undefined,
      until: undefined,
    });
  });

  it("know two states of sessions, of which live is the usual one", () => {
    expect(sessionsSearch({ state: "over" }).state).toBe("over");
    expect(sessionsSearch({ state: "live" }).state).toBeUndefined();
  });
});

describe("the deliveries of a webhook", () => {
  it("are narrowed to a state that there is", () => {
    expect(webhookSearch({ status: "failed" }).status).toBe("failed");
    expect(webhookSearch({ status: "toString" }).status).toBeUndefined();
    expect(webhookSearch({}).status).toBeUndefined();
  });
});
