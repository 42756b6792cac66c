import { Held } from "../src/cache.ts";
import { Secret } from "../src/secret.ts";
import { type ActiveSession, Opened } from "../src/values.ts";

const BEGIN = Date.parse("2026-03-01T12:00:00Z");
const MINUTE = 60_000;
export const TOKEN = new Secret(`uss_${"a".repeat(43)}`);

/** A session as the SDK gets it, with `changes`. */
export function aSession(changes: Partial<ActiveSession> = {}): ActiveSession {
  return {
    id: "ses_1",
    grantId: "grt_1",
    applicationId: "app_1",
    actor: { kind: "operator", id: "opr_1", email: "sam@support.test", name: "Sam Support" },
    subject: { id: "42", email: "ada@customer.test", name: "Ada Customer", roles: ["user"] },
    organization: { id: "acme", name: "Acme" },
    reason: "Cannot see the invoice",
    ticket: "T-1",
    restrictions: { scope: "full", blockedActions: [] },
    startedAt: new Date(BEGIN),
    endsAt: new Date(BEGIN + 30 * MINUTE),
    idleEndsAt: new Date(BEGIN + 10 * MINUTE),
    lastActiveAt: new Date(BEGIN),
    origin: null,
    ...changes,
  };
}

export const SESSION = aSession();

/** The service's answer about a session with `changes`. */
export function anOpened(changes: Partial<ActiveSession> = {}): Opened {
  return new Opened({
    session: aSession(changes),
    sessionToken: TOKEN,
    leaseExpiresAt: new Date(BEGIN + 5 * MINUTE),
    serverTime: new Date(BEGIN),
    logIndex: 7,
  });
}

/** A session with `changes`, as a process holds it. */
export function aHeld(changes: Partial<ActiveSession> = {}): Held {
  return new Held(anOpened(changes), "key", { sentAt: 0, generation: 1 });
}
