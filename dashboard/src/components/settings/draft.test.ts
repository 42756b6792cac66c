// @vitest-environment node
import { describe, expect, it } from "vitest";
import { application, settings } from "../../test/made";
import { changesOf, type Draft, draftOf, row } from "./draft";
import { patternProblem, problemsOf, urlProblem } from "./problems";

const present = settings({
  role_ranks: { owner: 50, staff: 100 },
  blocked_actions: [{ method: "POST", pattern: "/payout", label: "Change the payout" }],
});

function draft(change: Partial<Draft> = {}): Draft {
  return { ...draftOf(application({ settings: present })), ...change };
}

describe("the changes of a draft", () => {
  it("are none as long as it says what is in force", () => {
    expect(changesOf(present, draft())).toEqual({});
    expect(changesOf(present, draft({ default_minutes: "30", launch_url: "  " }))).toEqual({});
  });

  it("do not come from the order of ranks or from rows left empty", () => {
    const ranks = [row({ role: "staff", rank: 100 }), row({ role: "owner", rank: 50 })];
    const empty = row({ method: "POST", pattern: " ", label: "" });
    const rows = [...ranks, row({ role: "", rank: 5 })];
    const actions = [...draft().blocked_actions, empty];
    expect(changesOf(present, draft({ role_ranks: rows, blocked_actions: actions }))).toEqual({});
  });

  it("hold what differs, and nothing else", () => {
    const urls = [row({ url: " https://b.example/cb " }), row({ url: "" })];
    expect(changesOf(present, draft({ impersonation_allowed: false }))).toEqual({
      impersonation_allowed: false,
    });
    expect(
      changesOf(present, draft({ redirect_urls: urls, launch_url: "https://b.example" })),
    ).toEqual({ redirect_urls: ["https://b.example/cb"], launch_url: "https://b.example" });
    expect(changesOf(present, draft({ role_ranks: [] }))).toEqual({ role_ranks: {} });
  });
});

describe("the problems of a draft", () => {
  it("are none when there are none", () => {
    expect(problemsOf(draft())).toEqual({});
  });

  it("stand at the fields that they are about", () => {
    const problems = problemsOf(
      draft({
        max_minutes: 61,
        idle_minutes: "",
        redirect_urls: [row({ url: "https://ok.example" }), row({ url: "http://not.example" })],
        blocked_actions: [row({ method: "POST", pattern: "payout", label: "" })],
        role_ranks: [row({ role: "owner", rank: 1 }), row({ role: "owner", rank: 1001 })],
      }),
    );
    expect(Object.keys(problems).sort()).toEqual([
      "blocked_actions.0.label",
      "blocked_actions.0.pattern",
      "idle_minutes",
      "max_minutes",
      "redirect_urls.1.url",
      "role_ranks.1.rank",
      "role_ranks.1.role",
    ]);
  });

  it("include a usual session that is longer than the longest", () => {
    expect(problemsOf(draft({ max_minutes: 20 }))).toEqual({
      default_minutes: "More than the longest",
    });
  });
});

describe("an address", () => {
  it.each([
    "https://app.example/cb?x=1",
    "http://localhost:8000/cb",
    "http://app.localhost/",
    "http://127.0.0.1:1",
  ])("may be %s", (url) => {
    expect(urlProblem(url)).toBeNull();
  });

  it.each([
    "app.example",
    "http://app.example",
    "javascript:alert(1)",
    "https://app.example/#x",
    "https://me@app.example",
    "http://localhost.evil.example",
  ])("may not be %s", (url) => {
    expect(urlProblem(url)).not.toBeNull();
  });
});

describe("a path pattern", () => {
  it.each(["/account", "/users/{id}/delete", "/export/**", "/**"])("may be %s", (pattern) => {
    expect(patternProblem(pattern)).toBeNull();
  });

  it.each(["account", "/a b", "/a/**/b", "/a*"])("may not be %s", (pattern) => {
    expect(patternProblem(pattern)).not.toBeNull();
  });
});
