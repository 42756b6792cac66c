import { describe, expect, it } from "vitest";
import { Unavailable } from "../src/core/errors.ts";
import { MOST, Office } from "../src/office.ts";

function item(id: string, actorId = "kim") {
  return {
    id,
    actor: { id: actorId, email: null },
    subject: { id: "42", email: "ada@customer.test" },
    reason: "Why",
    ticket: null,
    scope: "full",
    started_at: "2026-03-01T12:00:00Z",
    ends_at: "2026-03-01T12:30:00Z",
  };
}

/** Answers by the path; `asked` is what was asked for. */
function officeOf(answer: (method: string, path: string) => unknown) {
  const asked: string[] = [];
  const office = new Office({
    ask: async (method, path) => {
      asked.push(`${method} ${path}`);
      return Buffer.from(JSON.stringify(answer(method, path)));
    },
  });
  return { office, asked };
}

describe("the office", () => {
  it("tells the application who it is", async () => {
    const known = { id: "app_1", name: "Shop", status: "active" };
    const { office, asked } = officeOf(() => ({ ...known, more: 1 }));
    expect(await office.application()).toEqual(known);
    expect(asked).toEqual(["GET /application"]);
  });

  it("lists live sessions to the last page, and names both people", async () => {
    const pages = [
      { items: [item("s1")], next_cursor: "c" },
      { items: [item("s2")], next_cursor: null },
    ];
    const { office, asked } = officeOf(() => pages.shift());
    const found = await office.sessions();
    expect(found).toMatchObject([
      { id: "s1", actor: "kim", subject: "ada@customer.test" },
      { id: "s2" },
    ]);
    expect(asked[1]).toBe("GET /sessions?state=live&limit=100&cursor=c");
  });

  it("does not follow a service for ever", async () => {
    const items = Array.from({ length: 100 }, (_, number) => item(`s${number}`));
    const { office, asked } = officeOf(() => ({ items, next_cursor: "again" }));
    expect(await office.sessions()).toHaveLength(MOST);
    expect(asked).toHaveLength(MOST / 100);
  });

  it("looks for a few actors one by one, and at all sessions for many", async () => {
    const items = [item("s1", "kim"), item("s2", "lee"), item("s3", "max")];
    const { office, asked } = officeOf(() => ({ items, next_cursor: null }));
    expect(await office.sessionsOf("kim", "lee", "kim")).toEqual(["s1", "s2"]);
    expect(asked).toEqual([
      "GET /sessions?actor_id=kim&state=live&limit=100",
      "GET /sessions?actor_id=lee&state=live&limit=100",
    ]);
    expect(await office.sessionsOf("max", "a", "b", "c")).toEqual(["s3"]);
    expect(asked[2]).toBe("GET /sessions?state=live&limit=100");
  });

  it("ends whatever can be ended, and says what could not", async () => {
    const items = [item("s1"), item("s/2"), item("s3")];
    const { office, asked } = officeOf((method, path) => {
      if (method === "GET") return { items, next_cursor: null };
      if (path === "/sessions/s1/revoke") throw new Unavailable();
      return { id: "s", end_cause: "revoked", logged: path.includes("s3") };
    });
    await expect(office.revokeOf("kim")).rejects.toThrow(Unavailable);
    expect(asked.slice(1)).toEqual([
      "POST /sessions/s1/revoke",
      "POST /sessions/s%2F2/revoke",
      "POST /sessions/s3/revoke",
    ]);
    expect(await office.revoke("s3")).toEqual({ id: "s", cause: "revoked", logged: true });
  });

  it("believes no answer that it cannot read", async () => {
    const { office } = officeOf(() => ({ items: [{ id: 7 }] }));
    await expect(office.sessions()).rejects.toThrow(Unavailable);
  });
});
