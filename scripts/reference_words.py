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
    Permission.UNLOCKS_DECIDE: "allow or refuse one change that an actor asked for",
    Permission.APPROVALS_DECIDE: "agree to requests that wait, or say no",
    Permission.REVIEWS_CLOSE: "close reviews of what was done without approval",
    Permission.AUDIT_READ: "read the log, fetch receipts",
    Permission.AUDIT_EXPORT: "export the log",
    Permission.HOLDS_READ: "see legal holds",
    Permission.HOLDS_WRITE: "place and release legal holds",
    Permission.CASES_READ: "see what users did not agree to",
    Permission.CASES_WRITE: "close such cases, and let their actor work again",
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
    Role.APPROVER: "agrees to others' requests or says no, and ends what should not go on",
    Role.AUDITOR: "reads and proves everything, changes nothing",
}
