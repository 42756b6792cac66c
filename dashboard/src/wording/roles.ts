import type { Permission, Role } from "../api/types";

export const ROLES: Record<Role, { name: string; means: string }> = {
  admin: {
    name: "Admin",
    means: "Sets the rules: applications, team, legal holds. Does not impersonate.",
  },
  support_manager: {
    name: "Support manager",
    means: "Works in users' accounts, and can revoke sessions.",
  },
  approver: {
    name: "Approver",
    means: "Agrees to others' requests, or says no; can revoke sessions.",
  },
  auditor: { name: "Auditor", means: "Reads and exports everything; changes nothing." },
};

export const PERMISSIONS: Record<Permission, string> = {
  "directory.read": "See users and organizations",
  "directory.write": "Change users and organizations",
  "impersonation.start": "Impersonate users",
  "grants.read": "See requests",
  "sessions.read": "See sessions",
  "sessions.revoke": "Revoke anybody's session",
  "unlocks.decide": "Allow single changes",
  "approvals.decide": "Agree to requests that wait, or say no",
  "reviews.close": "Close reviews",
  "audit.read": "Read the audit log",
  "audit.export": "Export the audit log",
  "holds.read": "See legal holds",
  "holds.write": "Place and release legal holds",
  "honey.write": "See and set honey users",
  "cases.read": "See what users did not agree to",
  "cases.write": "Close such cases",
  "applications.read": "See applications",
  "applications.write": "Change applications and their secrets",
  "webhooks.read": "See webhooks and what they delivered",
  "webhooks.write": "Change webhooks and their secrets",
  "operators.read": "See the team",
  "operators.write": "Change the team",
};
