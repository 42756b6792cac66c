/** Sessions as the SDK gets them, and a time that only tests move. */

import { Secret } from "../../src/secret.ts";
import {
  type ActiveSession,
  Opened,
  type Phase,
  type Presented,
  type RecordedAction,
} from "../../src/values.ts";

export const BEGIN = new Date("2026-03-01T12:00:00Z");
export const TOKEN = new Secret(`uss_${"a".repeat(43)}`);
export const SESSION: ActiveSession = {
  id: "ses_1",
  grantId: "grt_1",
  applicationId: "app_1",
  actor: { kind: "operator", id: "opr_1", email: "sam@support.test", name: "Sam Support" },
  subject: { id: "42", email: "ada@customer.test", name: "Ada Customer", roles: ["user"] },
  organization: { id: "acme", name: "Acme" },
  reason: "Cannot see the invoice",
  ticket: "T-1",
  restrictions: { scope: "full", blockedActions: [], unlocks: false },
  startedAt: BEGIN,
  endsAt: minutesOn(30),
  idleEndsAt: minutesOn(10),
  lastActiveAt: BEGIN,
  origin: null,
};
const ANSWERED = {
  session: SESSION,
  sessionToken: TOKEN,
  leaseExpiresAt: minutesOn(5),
  serverTime: BEGIN,
  logIndex: 7,
};
export const OPENED = new Opened(ANSWERED);
export const PRESENTED: Presented = {
  token: new Secret("usi_1"),
  wire: "native",
  codeVerifier: null,
  redirectUri: null,
  attempt: null,
};

/** `OPENED` with changes of its session, or of its token. */
export function anOpened(session: Partial<ActiveSession> = {}, token: Secret = TOKEN): Opened {
  return new Opened({ ...ANSWERED, sessionToken: token, session: { ...SESSION, ...session } });
}

/** What the service answers for `OPENED`. */
export const ANSWER = {
  session: {
    id: "ses_1",
    grant_id: "grt_1",
    application_id: "app_1",
    actor: { kind: "operator", id: "opr_1", email: "sam@support.test", name: "Sam Support" },
    subject: { id: "42", email: null, name: null },
    organization: { id: "acme", name: "Acme" },
    reason: "Cannot see the invoice",
    ticket: "T-1",
    scope: "full",
    started_at: "2026-03-01T12:00:00Z",
    ends_at: "2026-03-01T13:30:00+01:00",
    idle_ends_at: "2026-03-01T12:10:00.000000Z",
    last_active_at: "2026-03-01T12:00:00Z",
    origin: null,
    ended_at: null,
    end_cause: null,
  },
  session_token: TOKEN.reveal(),
  session_jwt: null,
  subject: { id: "42", email: "ada@customer.test", name: "Ada Customer", roles: ["user"] },
  organization: { id: "acme", name: "Acme" },
  restrictions: { scope: "full", blocked_actions: [] },
  lease_expires_at: "2026-03-01T12:05:00Z",
  server_time: "2026-03-01T12:00:00Z",
  log_index: 7,
  return_to: null,
};

/** A recorded request. */
export function anAction(id: string, changes: Partial<RecordedAction> = {}): RecordedAction {
  return {
    id,
    phase: "completed" satisfies Phase,
    at: BEGIN,
    method: "GET",
    path: "/",
    route: null,
    status: null,
    durationMs: null,
    rule: null,
    address: null,
    userAgent: null,
    kind: null,
    did: null,
    reference: null,
    ...changes,
  };
}

/** Monotonic seconds that only tests move. */
export class ManualTime {
  seconds = 1_000;

  readonly monotonic = (): number => this.seconds;

  advance(seconds: number): void {
    this.seconds += seconds;
  }
}

function minutesOn(minutes: number): Date {
  return new Date(BEGIN.getTime() + minutes * 60_000);
}
