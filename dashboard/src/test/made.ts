import type { Application, Entry, Grant, Me, Session, Settings, Subject } from "../api/types";

const LONG_AGO = "2026-01-02T03:04:05Z";

export function me(change: Partial<Me> = {}): Me {
  return {
    id: "opr_sam",
    email: "sam@understudy.example",
    name: "Sam Rivers",
    roles: ["support_manager"],
    permissions: [
      "directory.read",
      "impersonation.start",
      "grants.read",
      "sessions.read",
      "sessions.revoke",
      "applications.read",
    ],
    session_expires_at: "2026-06-01T20:00:00Z",
    ...change,
  };
}

export function settings(change: Partial<Settings> = {}): Settings {
  return {
    impersonation_allowed: true,
    hand_off: "code",
    redirect_urls: ["https://app.example/_understudy/callback"],
    launch_url: null,
    effective_launch_url: "https://app.example/_understudy/launch",
    default_minutes: 30,
    max_minutes: 60,
    idle_minutes: 10,
    reason_min_length: 10,
    ticket_required: false,
    allowed_scopes: ["full", "read_only"],
    default_scope: "read_only",
    blocked_actions: [],
    role_ranks: {},
    retention_days: 30,
    ...change,
  };
}

export function application(change: Partial<Application> = {}): Application {
  return {
    id: "app_harbor",
    name: "Harbor",
    vertical: "b2b",
    status: "active",
    settings: settings(),
    previous_secret_expires_at: null,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    ...change,
  };
}

export function subject(change: Partial<Subject> = {}): Subject {
  return {
    application_id: "app_harbor",
    id: "ada",
    email: "ada@tidewater.example",
    name: "Ada Lovelace",
    organization: { id: "tidewater", name: "Tidewater" },
    roles: ["member"],
    rank: 0,
    protected: false,
    status: "active",
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    live_session_id: null,
    ...change,
  };
}

const PARTIES = {
  application_id: "app_harbor",
  actor: { kind: "operator", id: "opr_sam", email: "sam@understudy.example", name: "Sam Rivers" },
  subject: { id: "ada", email: "ada@tidewater.example", name: "Ada Lovelace" },
  organization: { id: "tidewater", name: "Tidewater" },
  reason: "Ada cannot find the reports",
  ticket: null,
  scope: "read_only",
} as const;

export function grant(change: Partial<Grant> = {}): Grant {
  return {
    ...PARTIES,
    id: "grt_1",
    status: "ready",
    minutes: 30,
    created_at: "2026-06-01T12:00:00Z",
    expires_at: "2026-06-01T12:15:00Z",
    session_ends_at: null,
    ...change,
  };
}

export function session(change: Partial<Session> = {}): Session {
  return {
    ...PARTIES,
    id: "ses_1",
    grant_id: "grt_1",
    started_at: "2026-06-01T12:00:00Z",
    ends_at: "2026-06-01T12:30:00Z",
    idle_ends_at: "2026-06-01T12:10:00Z",
    last_active_at: "2026-06-01T12:00:00Z",
    ended_at: null,
    end_cause: null,
    ...change,
  };
}

export function entry(change: Partial<Entry> = {}): Entry {
  return {
    index: 7,
    time: "2026-06-01T12:00:00.123Z",
    type: "session.started",
    application_id: "app_harbor",
    actor: {
      kind: "operator",
      ref: "opr_sam",
      id: "opr_sam",
      email: "sam@understudy.example",
      name: "Sam Rivers",
    },
    subject: {
      kind: "subject",
      ref: "sub_1",
      id: "ada",
      email: "ada@tidewater.example",
      name: "Ada Lovelace",
    },
    organization: null,
    grant_id: "grt_1",
    session_id: "ses_1",
    outcome: "ok",
    rule: null,
    reason: "Ada cannot find the reports",
    ticket: null,
    address: null,
    user_agent: null,
    action: null,
    details: {},
    erased: [],
    ...change,
  };
}
