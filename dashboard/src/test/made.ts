import type {
  Application,
  Approval,
  ApprovalRequest,
  Attempt,
  Case,
  Change,
  Delivery,
  Entry,
  Grant,
  Hold,
  Me,
  Operator,
  PastSession,
  Review,
  Session,
  Settings,
  Subject,
  Webhook,
} from "../api/types";

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
    signed_in_by: "password",
    recent_sign_in_until: null,
    confirms_password: false,
    sign_in_at: null,
    ...change,
  };
}

export function operator(change: Partial<Operator> = {}): Operator {
  return {
    id: "opr_mara",
    email: "mara@understudy.example",
    name: "Mara Lindqvist",
    roles: ["support_manager"],
    groups: [],
    status: "active",
    signed_in_by: "password",
    taken_over_at: null,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    ...change,
  };
}

export function settings(change: Partial<Settings> = {}): Settings {
  return {
    impersonation_allowed: true,
    hand_off: "code",
    logout_url: null,
    insiders: null,
    session_origins: null,
    browser_sdk: false,
    ticket_sign_in: false,
    browser_origins: [],
    rbac_roles: [],
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
    deny_packs: { packs: [], excepted: [] },
    role_ranks: {},
    unlocks: false,
    unranked_roles: "allow",
    retention_days: 30,
    redaction: { secrets: false, rules: [], open_routes: [] },
    consent: { mode: "off", standing_days: 30, organizations: {}, shown_as: null, tell: false },
    approval: {
      quorum: 0,
      roles: ["approver", "support_manager"],
      groups: [],
      pending_minutes: 60,
      break_glass: false,
      break_glass_minutes: 15,
    },
    policy_changes: { confirmation: "none", delay_hours: 24 },
    ...change,
  };
}

export function application(change: Partial<Application> = {}): Application {
  return {
    id: "app_harbor",
    name: "Harbor",
    vertical: "b2b",
    status: "active",
    public_token: "public-token-app_harbor",
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
    tags: [],
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

export function approvalRequest(change: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    grant: grant({
      status: "pending",
      quorum: 1,
      actor: { kind: "operator", id: "opr_kim", email: "kim@understudy.example", name: "Kim Doe" },
    }),
    application: "Harbor",
    approvals: [],
    agreed: 0,
    decidable: true,
    ...change,
  };
}

export function approval(change: Partial<Approval> = {}): Approval {
  return {
    id: "apr_1",
    operator_id: "opr_mara",
    operator: "Mara Lindqvist",
    agreed: true,
    minutes: null,
    scope: null,
    note: null,
    decided_at: LONG_AGO,
    withdrawn_at: null,
    ...change,
  };
}

export function review(change: Partial<Review> = {}): Review {
  return {
    id: "rvw_1",
    grant: grant({ break_glass: true }),
    application: "Harbor",
    opened_at: LONG_AGO,
    closed_at: null,
    closed_by: null,
    note: null,
    closable: true,
    ...change,
  };
}

export function case_(change: Partial<Case> = {}): Case {
  return {
    id: "cas_1",
    application_id: "app_harbor",
    subject_id: "ada",
    subject_name: "Ada Lovelace",
    actor: PARTIES.actor,
    session_id: "ses_1",
    kind: "not_agreed",
    note: "I asked nobody.",
    opened_at: LONG_AGO,
    closed_at: null,
    closed_by: null,
    closing_note: null,
    frozen: true,
    ...change,
  };
}

export function grant(change: Partial<Grant> = {}): Grant {
  return {
    ...PARTIES,
    id: "grt_1",
    status: "ready",
    minutes: 30,
    created_at: "2026-06-01T12:00:00Z",
    expires_at: "2026-06-01T12:15:00Z",
    session_ends_at: null,
    origin: null,
    marks: [],
    quorum: null,
    break_glass: false,
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
    origin: null,
    marks: [],
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
      taken_over: false,
    },
    doer: null,
    subject: {
      kind: "subject",
      ref: "sub_1",
      id: "ada",
      email: "ada@tidewater.example",
      name: "Ada Lovelace",
      taken_over: false,
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

/** Somebody who sets the rules: may see and change webhooks and holds. */
export function admin(): Me {
  return me({
    roles: ["admin"],
    permissions: [
      "directory.read",
      "audit.read",
      "applications.read",
      "applications.write",
      "webhooks.read",
      "webhooks.write",
      "holds.read",
      "holds.write",
    ],
  });
}

export function webhook(change: Partial<Webhook> = {}): Webhook {
  return {
    id: "whe_1",
    application_id: "app_harbor",
    url: "https://hooks.example/understudy",
    description: "Security channel",
    format: "native",
    types: ["session.started", "session.ended"],
    personal: false,
    status: "active",
    disabled_because: null,
    previous_secret_expires_at: null,
    failing_since: null,
    created_at: LONG_AGO,
    updated_at: LONG_AGO,
    ...change,
  };
}

export function delivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: "msg_1",
    endpoint_id: "whe_1",
    kind: "message",
    event_type: "session.started",
    entry_index: 7,
    status: "delivered",
    attempts: 1,
    next_attempt_at: null,
    created_at: "2026-06-01T12:00:00Z",
    settled_at: "2026-06-01T12:00:01Z",
    ...change,
  };
}

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    at: "2026-06-01T12:00:00Z",
    duration_ms: 84,
    url: "https://hooks.example/understudy",
    request: '{"type":"session.started"}',
    status: 200,
    answer: "taken",
    error: null,
    ...change,
  };
}

export function hold(change: Partial<Hold> = {}): Hold {
  return {
    id: "hld_1",
    application_id: "app_harbor",
    subject_id: "ada",
    reason: "Case 118",
    placed_by: "Mara Lindqvist",
    placed_by_id: "opr_mara",
    placed_at: LONG_AGO,
    released_at: null,
    ...change,
  };
}

export function pastSession(change: Partial<PastSession> = {}): PastSession {
  const { actor, organization, reason, ticket, scope } = PARTIES;
  return {
    session_id: "ses_1",
    actor,
    organization,
    reason,
    ticket,
    scope,
    started_at: "2026-06-01T12:00:00Z",
    ends_at: "2026-06-01T12:30:00Z",
    ended_at: null,
    end_cause: null,
    actions: { reads: 3, changes: 1, refused: 0 },
    forgotten: false,
    ...change,
  };
}

export function change(facts: Partial<Change> = {}): Change {
  return {
    id: "unl_1",
    application_id: "app_harbor",
    session_id: "ses_1",
    actor: { kind: "operator", id: "opr_sam", email: "sam@understudy.example", name: "Sam Rivers" },
    subject: { id: "ada", email: "ada@acme.example", name: "Ada Lovelace" },
    reason: "Asked on the phone",
    method: "POST",
    host: "app.example",
    path: "/billing/7/plan",
    media_type: "application/json",
    query: [],
    fields: [{ name: "plan", value: '"pro"' }],
    asked_at: LONG_AGO,
    expires_at: "2099-01-01T00:00:00Z",
    ...facts,
  };
}
