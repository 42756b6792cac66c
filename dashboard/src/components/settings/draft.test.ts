// @vitest-environment node
import { describe, expect, it } from "vitest";
import { application, settings } from "../../test/made";
import { changesOf, type Draft, draftOf, row } from "./draft";
import {
  matchProblem,
  originProblem,
  originsProblem,
  patternProblem,
  problemsOf,
  urlProblem,
} from "./problems";

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
    const origins = [row({ url: "https://app.example" }), row({ url: " " })];
    const handOff = { hand_off: "stytch", browser_sdk: true, browser_origins: origins } as const;
    expect(
      changesOf(present, draft({ ...handOff, logout_url: " https://app.example/out " })),
    ).toEqual({
      hand_off: "stytch",
      browser_sdk: true,
      browser_origins: ["https://app.example"],
      logout_url: "https://app.example/out",
    });
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
        logout_url: "app.example/out",
        session_origins: "https://view.app.example",
        browser_origins: [row({ url: "" }), row({ url: "https://app.example/" })],
        role_ranks: [row({ role: "owner", rank: 1 }), row({ role: "owner", rank: 1001 })],
      }),
    );
    expect(Object.keys(problems).sort()).toEqual([
      "blocked_actions.0.label",
      "blocked_actions.0.pattern",
      "browser_origins.1.url",
      "idle_minutes",
      "logout_url",
      "max_minutes",
      "redirect_urls.1.url",
      "role_ranks.1.rank",
      "role_ranks.1.role",
      "session_origins",
    ]);
  });

  it("include a usual session that is longer than the longest", () => {
    expect(problemsOf(draft({ max_minutes: 20 }))).toEqual({
      default_minutes: "More than the longest",
    });
  });
});

describe("Stytch’s roles", () => {
  const editor = { role_id: "editor", description: "", permissions: [] };
  const reads = { resource_id: "invoices", actions: ["read", "update"] };
  const given = settings({ rbac_roles: [{ ...editor, permissions: [reads] }] });
  const roles = draftOf(application({ settings: given })).rbac_roles;

  it("are read and written without a change", () => {
    expect(roles[0]?.permissions[0]?.actions).toBe("read, update");
    const same = { ...draftOf(application({ settings: given })), rbac_roles: roles };
    expect(changesOf(given, same)).toEqual({});
  });

  it("are sent as a whole, without rows left empty", () => {
    const permissions = [
      row({ resource_id: " invoices ", actions: "read,, update ," }),
      row({ resource_id: " ", actions: "" }),
    ];
    const wanted = [row({ ...editor, permissions }), row({ ...editor, role_id: "" })];
    expect(changesOf(present, draft({ rbac_roles: wanted }))).toEqual({
      rbac_roles: [{ ...editor, permissions: [reads] }],
    });
  });

  it("have names of their own, and say what may be done with what", () => {
    const nameless = row({ resource_id: "invoices", actions: "*" });
    const wanted = [
      row({ ...editor, permissions: [row({ resource_id: "invoices", actions: " , " })] }),
      row({ ...editor, permissions: [row({ resource_id: "", actions: "read" })] }),
      row({ ...editor, role_id: "", permissions: [nameless] }),
    ];
    expect(Object.keys(problemsOf(draft({ rbac_roles: wanted }))).sort()).toEqual([
      "rbac_roles.0.permissions.0.actions",
      "rbac_roles.1.permissions.0.resource_id",
      "rbac_roles.1.role_id",
      "rbac_roles.2.role_id",
    ]);
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

describe("an origin", () => {
  it.each(["https://app.example", "https://app.example:8443", "http://localhost:3000"])(
    "may be %s",
    (origin) => {
      expect(originProblem(origin)).toBeNull();
    },
  );

  it.each([
    "https://app.example/",
    "https://App.example",
    "https://app.example:443",
    "https://app.example/login",
    "http://app.example",
    "app.example",
  ])("may not be %s", (origin) => {
    expect(originProblem(origin)).not.toBeNull();
  });
});

describe("the pattern of origins of sessions", () => {
  it.each(["https://*.view.app.example", "https://*.app.example:8443", "http://*.localhost:8701"])(
    "may be %s",
    (pattern) => {
      expect(originsProblem(pattern)).toBeNull();
      const draftWith = (text: string) => changesOf(present, draft({ session_origins: text }));
      expect(draftWith(` ${pattern} `)).toEqual({ session_origins: pattern });
    },
  );

  it.each([
    "*.view.app.example",
    "https://view.app.example",
    "https://a.*.app.example",
    "https://*.*.app.example",
    "https://*.view.app.example/",
    "http://*.view.app.example",
    "https://*.10.0.0.1",
  ])("may not be %s", (pattern) => {
    expect(originsProblem(pattern)).not.toBeNull();
  });

  it("is taken away by an empty field", () => {
    const set = settings({ session_origins: "https://*.view.app.example" });
    expect(changesOf(set, { ...draft(), session_origins: " " })).toMatchObject({
      session_origins: null,
    });
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

describe("what is hidden", () => {
  const hidden = settings({
    redaction: {
      secrets: true,
      rules: [{ kind: "field", match: "iban", deed: "mask", revealable: true }],
      open_routes: ["/invoices/{id}"],
    },
  });
  const drafted = () => draftOf(application({ settings: hidden }));

  it("is no change as long as it stands, whatever rows are empty", () => {
    const value = drafted();
    value.redaction.rules.push(row({ kind: "path", match: " ", deed: "drop", revealable: false }));
    value.redaction.open_routes.push(row({ pattern: "" }));
    expect(changesOf(hidden, value)).toEqual({});
    expect(problemsOf(value)).toEqual({});
  });

  it("changes as a whole", () => {
    const value = drafted();
    value.redaction.secrets = false;
    expect(changesOf(hidden, value)).toEqual({
      redaction: { ...hidden.redaction, secrets: false },
    });
  });

  it.each([
    ["field", "*", "Name the field"],
    ["path", "a..b", "Names with dots between them"],
    ["path", "**.*", "Name a field in it"],
    ["path", "a.*.b", null],
    ["field", "tax_*", null],
    ["detector", "email", null],
  ] as const)("finds something and not everything: %s %s", (kind, match, problem) => {
    expect(matchProblem(kind, match)).toBe(problem);
  });

  it("names the row that is wrong", () => {
    const value = drafted();
    value.redaction.rules.push(row({ kind: "path", match: "a.", deed: "mask", revealable: false }));
    value.redaction.open_routes.push(row({ pattern: "invoices" }));
    expect(Object.keys(problemsOf(value))).toEqual([
      "redaction.rules.1.match",
      "redaction.open_routes.1.pattern",
    ]);
  });
});

describe("the organizations whose users are asked for more", () => {
  const asking = settings({
    consent: {
      mode: "standing",
      standing_days: 30,
      organizations: { acme: "ask" },
      shown_as: null,
      tell: false,
    },
  });
  const drafted = () => draftOf(application({ settings: asking }));

  it("are no change as long as they stand, whatever rows are empty", () => {
    const value = drafted();
    value.consent.organizations.push(row({ id: " ", mode: "ask" }));
    expect(changesOf(asking, value)).toEqual({});
    expect(problemsOf(value)).toEqual({});
  });

  it("are added and left out by their ids", () => {
    const value = drafted();
    value.consent.organizations = [row({ id: " globex ", mode: "standing" })];
    expect(changesOf(asking, value)).toEqual({
      consent: { ...asking.consent, organizations: { globex: "standing" } },
    });
  });

  it("are each there once", () => {
    const value = drafted();
    value.consent.organizations.push(row({ id: "acme", mode: "standing" }));
    expect(Object.keys(problemsOf(value))).toEqual(["consent.organizations.1.id"]);
  });
});
