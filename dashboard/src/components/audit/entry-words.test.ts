// @vitest-environment node
import { describe, expect, it } from "vitest";
import { entry } from "../../test/made";
import { detailsInWords, gist, lossOf, nameOf } from "./entry-words";

const { actor } = entry();

describe("somebody in an entry", () => {
  it("goes by name, else address, else id", () => {
    expect(nameOf(actor)).toEqual({ text: "Sam Rivers", erased: false });
    expect(nameOf(actor && { ...actor, name: null })?.text).toBe("sam@understudy.example");
    expect(nameOf(actor && { ...actor, name: null, email: null })?.text).toBe("opr_sam");
  });

  it("is said to be erased once all of that is gone", () => {
    const gone = actor && { ...actor, name: null, email: null, id: null };
    expect(nameOf(gone)).toEqual({ text: "erased", erased: true });
  });

  it("may be the service itself, or nobody", () => {
    expect(nameOf(actor && { ...actor, kind: "system", name: null })?.text).toBe(
      "Understudy itself",
    );
    expect(nameOf(null)).toBeNull();
  });
});

describe("the gist of an entry", () => {
  const action = {
    id: "a",
    method: "POST",
    route: "/payout/{id}",
    path: "/payout/7",
    status: 403,
    duration_ms: 2,
  };

  it("is what was shown, where and why", () => {
    const shown = { ...action, method: "GET", path: "/customers/7", status: null };
    const told = { details: { reveals: "field iban", minutes: 10 }, reason: "Reads it out" };
    expect(gist(entry({ action: shown, ...told }))).toBe(
      "field iban at /customers/7 · Reads it out",
    );
    const erased = { ...shown, path: null };
    expect(gist(entry({ action: erased, ...told, reason: null }))).toBe(
      "field iban at an erased address",
    );
  });

  it("is the request, and what blocked it", () => {
    expect(gist(entry({ action, rule: "action_blocked" }))).toBe(
      "POST /payout/7 → 403 · blocked by the settings",
    );
    expect(gist(entry({ action: { ...action, status: 201 }, rule: "session_over" }))).toBe(
      "POST /payout/7 → 201 · the session was over",
    );
    expect(gist(entry({ action: { ...action, status: 200 }, rule: "identity_not_asked" }))).toBe(
      "POST /payout/7 → 200 · the app never asked whom it was for",
    );
    expect(gist(entry({ action, rule: "write_blocked" }))).toBe(
      "POST /payout/7 → 403 · it was to write, and the session is read only",
    );
    const erased = { ...action, path: null, status: null };
    expect(gist(entry({ action: erased }))).toBe("POST /payout/{id}");
  });

  it("is the rule that refused, then reason and ticket", () => {
    expect(gist(entry({ rule: "subject_protected", ticket: "#7" }))).toBe(
      "This user is protected from impersonation. · Ada cannot find the reports · #7",
    );
  });

  it("is the details where there is nothing else", () => {
    expect(gist(entry({ reason: null, details: { saved: 3, in_full: true } }))).toBe(
      "saved: 3, in full: yes",
    );
    expect(gist(entry({ reason: null, details: { cause: "idle" } }))).toBe(
      "cause: nothing happened for a while",
    );
  });
});

describe("the details of an entry", () => {
  it("are in words, keys and values", () => {
    const details = { scope: "read_only", protected: true, reason_given: false, logout_url: null };
    expect(detailsInWords(details)).toEqual([
      ["scope", "read only"],
      ["protected", "yes"],
      ["reason given", "no"],
      ["logout URL", "none"],
    ]);
    const [[name, time] = []] = detailsInWords({ at: Date.parse("2026-06-01T12:00:05Z") });
    expect(name).toBe("by the app's clock");
    expect(time).toMatch(/:05\b.*(UTC|GMT)/);
  });
});

describe("what is gone of an entry", () => {
  it("is told by its halves", () => {
    expect([[], ["personal"], ["core"], ["core", "personal"]].map(lost)).toEqual([
      null,
      "Names are erased",
      "Facts are erased",
      "What it said is erased",
    ]);
  });

  it("leaves the gist of an erasure short", () => {
    const details = { cause: "retention", retention_days: 30, part: "both", indexes: "0-499" };
    expect(gist(entry({ type: "audit.erased", reason: null, details }))).toBe(
      "500 entries, after 30 days",
    );
  });
});

function lost(erased: string[]): string | null {
  return lossOf(entry({ erased }));
}
