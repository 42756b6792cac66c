"""What the reference says in words: what each permission is for, and who holds each role."""

from __future__ import annotations

from understudy.core.people.permissions import Permission, Role

PERMISSIONS: dict[Permission, str] = {
    Permission.DIRECTORY_READ: "see users and organizations",
    Permission.DIRECTORY_WRITE: "import, change and delete them",
    Permission.IMPERSONATION_START: "work as a user",
    Permission.GRANTS_READ: "see who was permitted what",
    Permission.SESSIONS_READ: "see who works as whom",
    Permission.SESSIONS_REVOKE: "end somebody else's session",
    Permission.AUDIT_READ: "read the log, fetch receipts",
    Permission.AUDIT_EXPORT: "export the log",
    Permission.HOLDS_READ: "see legal holds",
    Permission.HOLDS_WRITE: "place and release legal holds",
    Permission.APPLICATIONS_READ: "see apps and their settings",
    Permission.APPLICATIONS_WRITE: "register apps, change settings, rotate secrets",
    Permission.HONEY_WRITE: "see and set honey users",
    Permission.WEBHOOKS_READ: "see webhooks and what was delivered",
    Permission.WEBHOOKS_WRITE: "register, change, test and replay webhooks",
    Permission.OPERATORS_READ: "see the team",
    Permission.OPERATORS_WRITE: "invite, change and disable operators",
}

ROLES: dict[Role, str] = {
    Role.ADMIN: "sets the rules, and does not work under them",
    Role.SUPPORT_MANAGER: "works as users",
    Role.APPROVER: "watches, and ends what should not go on; approvals are not built yet",
    Role.AUDITOR: "reads and proves everything, changes nothing",
}
