// @vitest-environment node
import { describe, expect, it } from "vitest";
import { settings, subject } from "../../test/made";
import { draftProblems, firstDraft, minuteChoices, reasonLength, requestBody } from "./request";

const draft = firstDraft(settings(), {});

describe("the first draft", () => {
  it("has what a link filled in and the application's own limits", () => {
    const limits = settings({ default_minutes: 45, max_minutes: 20, default_scope: "full" });
    expect(firstDraft(limits, { reason: "Invoice", ticket: "4812" })).toEqual({
      reason: "Invoice",
      ticket: "4812",
      minutes: 20,
      scope: "full",
      breakGlass: false,
    });
  });
});

describe("a broken glass", () => {
  const whom = subject();
  it("is asked for only where somebody says so", () => {
    expect(requestBody(draft, whom)).not.toHaveProperty("break_glass");
    expect(requestBody({ ...draft, breakGlass: true }, whom).break_glass).toBe(true);
  });
});

describe("a reason", () => {
  it("is counted as the service counts it", () => {
    expect(reasonLength("  ab 👩‍🚀 \n")).toBe(6);
    expect(reasonLength("ééé")).toBe(3);
  });

  it("is long enough at exactly the minimum", () => {
    expect(draftProblems({ ...draft, reason: "123456789" }, settings())).toEqual({
      reason: "1 more character needed.",
    });
    expect(draftProblems({ ...draft, reason: "1234567890" }, settings())).toEqual({});
  });

  it("does not grow long enough by spaces", () => {
    const padded = { ...draft, reason: "         a" };
    expect(draftProblems(padded, settings()).reason).toBe("9 more characters needed.");
    expect(draftProblems({ ...draft, reason: "   " }, settings()).reason).toMatch(/^Say why/);
  });

  it("is too long beyond 1,000 characters", () => {
    const reasonOf = (length: number) => ({ ...draft, reason: "x".repeat(length) });
    expect(draftProblems(reasonOf(1_000), settings())).toEqual({});
    expect(draftProblems(reasonOf(1_001), settings())).toEqual({ reason: "Too long." });
  });
});

describe("a ticket", () => {
  const reasoned = { ...draft, reason: "long enough a reason" };

  it("is missed only where it is required", () => {
    expect(draftProblems(reasoned, settings())).toEqual({});
    expect(draftProblems(reasoned, settings({ ticket_required: true }))).toEqual({
      ticket: "This application requires a ticket.",
    });
  });

  it("has at most 200 characters", () => {
    const long = { ...reasoned, ticket: "x".repeat(201) };
    expect(draftProblems(long, settings())).toHaveProperty("ticket");
  });
});

describe("the minutes to choose from", () => {
  it("hold the usual ones up to the limit, the default and the limit", () => {
    expect(minuteChoices(settings())).toEqual([5, 15, 30, 60]);
    expect(minuteChoices(settings({ max_minutes: 20, default_minutes: 10 }))).toEqual([
      5, 10, 15, 20,
    ]);
    expect(minuteChoices(settings({ max_minutes: 1, default_minutes: 1 }))).toEqual([1]);
  });
});

describe("the body of a request", () => {
  it("names subject and tenant, and never an actor", () => {
    const body = requestBody({ ...draft, reason: "  Because of it ", ticket: " 4812 " }, subject());
    expect(body).toEqual({
      application_id: "app_harbor",
      subject_id: "ada",
      organization_id: "tidewater",
      reason: "Because of it",
      ticket: "4812",
      minutes: 30,
      scope: "read_only",
    });
  });

  it("leaves out what there is none of", () => {
    const body = requestBody(draft, subject({ organization: null }));
    expect(Object.keys(body).sort()).toEqual([
      "application_id",
      "minutes",
      "reason",
      "scope",
      "subject_id",
    ]);
  });
});
