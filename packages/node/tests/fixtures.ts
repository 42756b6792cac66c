/** Sessions as the SDK gets them. */

import type { Restrictions } from "../src/core/restrictions.ts";
import { Secret } from "../src/secret.ts";
import { type ActiveSession, Opened } from "../src/values.ts";

export const BEGIN = new Date("2026-03-01T12:00:00Z");
export const TOKEN = `uss_${"a".repeat(43)}`;

interface Told {
  readonly session?: string | undefined;
  readonly token?: string | undefined;
  readonly restrictions?: Restrictions | undefined;
  /** Seconds, of the service's clock: behind `BEGIN`, and behind that. */
  readonly serverAt?: number | undefined;
  readonly endsIn?: number | undefined;
  readonly idleIn?: number | undefined;
  readonly lease?: number | undefined;
}

/** An answer of the service: half an hour as Ada Customer. */
export function anOpened(told: Told = {}): Opened {
  const now = after(BEGIN, told.serverAt ?? 0);
  return new Opened({
    session: aSession(now, told),
    sessionToken: new Secret(told.token ?? TOKEN),
    leaseExpiresAt: after(now, told.lease ?? 300),
    serverTime: now,
    logIndex: 7,
  });
}

function aSession(now: Date, told: Told): ActiveSession {
  return {
    id: told.session ?? "ses_1",
    grantId: "grt_1",
    applicationId: "app_1",
    actor: { kind: "operator", id: "opr_1", email: "sam@support.test", name: "Sam Support" },
    subject: { id: "42", email: "ada@customer.test", name: "Ada Customer", roles: ["user"] },
    organization: { id: "acme", name: "Acme" },
    reason: "Cannot see the invoice",
    ticket: "T-1",
    restrictions: told.restrictions ?? { scope: "full", blockedActions: [], unlocks: false },
    startedAt: now,
    endsAt: after(now, told.endsIn ?? 1800),
    idleEndsAt: after(now, told.idleIn ?? 600),
    lastActiveAt: now,
    origin: null,
  };
}

function after(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}
