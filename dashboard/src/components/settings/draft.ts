import type {
  Application,
  BlockedAction,
  RbacPermission,
  RbacRole,
  RedactionRule,
  Role,
  Scope,
  Settings,
  SettingsChange,
} from "../../api/types";
import { type InsidersDraft, insidersDraftOf, insidersOf } from "./insiders";

/** A row of an editor; `key` stays with it while it is moved about and typed into. */
export type Row<Value> = Value & { key: string };

interface Rank {
  role: string;
  rank: number | string;
}

interface RbacDraft {
  role_id: string;
  description: string;
  /** Actions stand in one text, parted by commas. */
  permissions: Row<{ resource_id: string; actions: string }>[];
}

/** Terms of approval; numbers are texts while they are typed. */
interface ApprovalDraft {
  quorum: number | string;
  roles: Role[];
  groups: string[];
  pending_minutes: number | string;
  break_glass: boolean;
  break_glass_minutes: number | string;
}

interface ConsentDraft {
  mode: Settings["consent"]["mode"];
  standing_days: number | string;
  shown_as: string;
  tell: boolean;
  organizations: Row<{ id: string; mode: Settings["consent"]["mode"] }>[];
}

/** An application's settings as they are being edited. Numbers are texts while they are typed. */
export interface Draft {
  impersonation_allowed: boolean;
  hand_off: Settings["hand_off"];
  redirect_urls: Row<{ url: string }>[];
  launch_url: string;
  session_origins: string;
  logout_url: string;
  browser_sdk: boolean;
  ticket_sign_in: boolean;
  browser_origins: Row<{ url: string }>[];
  rbac_roles: Row<RbacDraft>[];
  default_minutes: number | string;
  max_minutes: number | string;
  idle_minutes: number | string;
  reason_min_length: number | string;
  ticket_required: boolean;
  unlocks: boolean;
  allowed_scopes: Scope[];
  default_scope: Scope;
  blocked_actions: Row<BlockedAction>[];
  deny_packs: Required<Settings["deny_packs"]>;
  role_ranks: Row<Rank>[];
  unranked_roles: Settings["unranked_roles"];
  retention_days: number | string;
  insiders: InsidersDraft | null;
  approval: ApprovalDraft;
  consent: ConsentDraft;
  redaction: {
    secrets: boolean;
    rules: Row<Required<RedactionRule>>[];
    open_routes: Row<{ pattern: string }>[];
  };
}

let rows = 0;

/** A row with a key of its own. */
export function row<Value extends object>(value: Value): Row<Value> {
  rows += 1;
  return { ...value, key: `row-${rows}` };
}

export function draftOf({ settings }: Application): Draft {
  return {
    impersonation_allowed: settings.impersonation_allowed,
    hand_off: settings.hand_off,
    redirect_urls: settings.redirect_urls.map((url) => row({ url })),
    launch_url: settings.launch_url ?? "",
    session_origins: settings.session_origins ?? "",
    logout_url: settings.logout_url ?? "",
    browser_sdk: settings.browser_sdk,
    ticket_sign_in: settings.ticket_sign_in,
    browser_origins: settings.browser_origins.map((url) => row({ url })),
    rbac_roles: settings.rbac_roles.map(({ role_id, description = "", permissions = [] }) =>
      row({ role_id, description, permissions: permissions.map(permissionRow) }),
    ),
    default_minutes: settings.default_minutes,
    max_minutes: settings.max_minutes,
    idle_minutes: settings.idle_minutes,
    reason_min_length: settings.reason_min_length,
    ticket_required: settings.ticket_required,
    unlocks: settings.unlocks,
    allowed_scopes: settings.allowed_scopes,
    default_scope: settings.default_scope,
    blocked_actions: settings.blocked_actions.map(row),
    deny_packs: { excepted: [], ...settings.deny_packs },
    role_ranks: Object.entries(settings.role_ranks).map(([role, rank]) => row({ role, rank })),
    unranked_roles: settings.unranked_roles,
    retention_days: settings.retention_days,
    insiders: insidersDraftOf(settings.insiders),
    approval: settings.approval,
    consent: {
      mode: settings.consent.mode,
      standing_days: settings.consent.standing_days,
      shown_as: settings.consent.shown_as ?? "",
      tell: settings.consent.tell,
      organizations: Object.entries(settings.consent.organizations).map(([id, mode]) =>
        row({ id, mode }),
      ),
    },
    redaction: redactionDraft(settings.redaction),
  };
}

/** Only what differs from the settings as they are; nothing when nothing does. */
export function changesOf(settings: Settings, draft: Draft): SettingsChange {
  const wanted = settingsOf(draft, settings);
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const present = settings[name as keyof Settings];
    if (canonical(value) !== canonical(present)) changes[name] = value;
  }
  return changes as SettingsChange;
}

/** The settings that a draft says; rows that were left empty are no rows. */
function settingsOf(draft: Draft, present: Settings): SettingsChange {
  const ranks = draft.role_ranks.filter(({ role }) => role.trim() !== "");
  return {
    impersonation_allowed: draft.impersonation_allowed,
    hand_off: draft.hand_off,
    redirect_urls: urlsOf(draft.redirect_urls),
    launch_url: draft.launch_url.trim() || null,
    session_origins: draft.session_origins.trim() || null,
    logout_url: draft.logout_url.trim() || null,
    browser_sdk: draft.browser_sdk,
    ticket_sign_in: draft.ticket_sign_in,
    browser_origins: urlsOf(draft.browser_origins),
    rbac_roles: draft.rbac_roles.filter(({ role_id }) => role_id.trim() !== "").map(rbacRoleOf),
    default_minutes: Number(draft.default_minutes),
    max_minutes: Number(draft.max_minutes),
    idle_minutes: Number(draft.idle_minutes),
    reason_min_length: Number(draft.reason_min_length),
    ticket_required: draft.ticket_required,
    unlocks: draft.unlocks,
    allowed_scopes: draft.allowed_scopes,
    default_scope: draft.default_scope,
    blocked_actions: draft.blocked_actions
      .filter(({ pattern, label }) => pattern.trim() !== "" || label.trim() !== "")
      .map(({ method, pattern, label }) => ({
        method,
        pattern: pattern.trim(),
        label: label.trim(),
      })),
    deny_packs: draft.deny_packs,
    role_ranks: Object.fromEntries(ranks.map(({ role, rank }) => [role.trim(), Number(rank)])),
    unranked_roles: draft.unranked_roles,
    retention_days: Number(draft.retention_days),
    ...(draft.insiders && { insiders: insidersOf(draft.insiders) }),
    approval: {
      ...draft.approval,
      quorum: Number(draft.approval.quorum),
      pending_minutes: Number(draft.approval.pending_minutes),
      break_glass_minutes: Number(draft.approval.break_glass_minutes),
    },
    consent: {
      ...present.consent,
      mode: draft.consent.mode,
      standing_days: Number(draft.consent.standing_days),
      shown_as: draft.consent.shown_as.trim() || null,
      tell: draft.consent.tell,
      organizations: Object.fromEntries(
        draft.consent.organizations.flatMap(({ id, mode }) =>
          id.trim() === "" ? [] : [[id.trim(), mode]],
        ),
      ),
    },
    redaction: redactionOf(draft.redaction),
  };
}

function redactionDraft({ secrets = false, rules = [], open_routes = [] }: Settings["redaction"]) {
  return {
    secrets,
    rules: rules.map(({ kind, match, deed = "mask", revealable = false }) =>
      row({ kind, match, deed, revealable }),
    ),
    open_routes: open_routes.map((pattern) => row({ pattern })),
  };
}

/** What is saved of the hidden fields as they stand in the form. */
export function redactionOf({
  secrets,
  rules,
  open_routes,
}: Draft["redaction"]): Settings["redaction"] {
  return {
    secrets,
    rules: rules
      .filter(({ match }) => match.trim() !== "")
      .map(({ kind, match, deed, revealable }) => ({
        kind,
        match: match.trim(),
        deed,
        revealable: revealable && !(kind === "detector" && match === "token"),
      })),
    open_routes: open_routes.map(({ pattern }) => pattern.trim()).filter((text) => text !== ""),
  };
}

function permissionRow({ resource_id, actions }: RbacPermission) {
  return row({ resource_id, actions: actions.join(", ") });
}

function rbacRoleOf({ role_id, description, permissions }: RbacDraft): RbacRole {
  return {
    role_id: role_id.trim(),
    description: description.trim(),
    permissions: permissions
      .filter(({ resource_id }) => resource_id.trim() !== "")
      .map(({ resource_id, actions }) => ({
        resource_id: resource_id.trim(),
        actions: actionsOf(actions),
      })),
  };
}

/** The actions in a text: `read, write`, or `*` for all. */
export function actionsOf(text: string): string[] {
  return text
    .split(",")
    .map((action) => action.trim())
    .filter(Boolean);
}

function urlsOf(rows: Draft["redirect_urls"]): string[] {
  return rows.map(({ url }) => url.trim()).filter(Boolean);
}

/** One spelling for values that mean the same: an object's order means nothing, a list's does. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
