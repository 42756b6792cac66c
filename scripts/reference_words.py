"""What the reference says in words: when each event happens, what each permission is for."""

from __future__ import annotations

from understudy.core.events import EventType
from understudy.core.permissions import Permission, Role

EVENTS: dict[EventType, str] = {
    EventType.INSTALLATION_CREATED: "The database was set up.",
    EventType.KEYS_ROTATED: "New signing keys were announced.",
    EventType.OPERATOR_INVITED: "An operator's account was made, or a fresh link for it.",
    EventType.OPERATOR_JOINED: "An operator used a link and set a password.",
    EventType.OPERATOR_UPDATED: "An operator's name or roles changed.",
    EventType.OPERATOR_DISABLED: "An operator was taken out. Sign-ins and sessions ended.",
    EventType.OPERATOR_ENABLED: "A disabled operator may come back.",
    EventType.OPERATOR_SIGNED_IN: "An operator signed in.",
    EventType.OPERATOR_SIGNED_OUT: "An operator signed out, or was signed out everywhere.",
    EventType.OPERATOR_SIGN_IN_FAILED: "A wrong password, or an address without an account.",
    EventType.OPERATOR_PASSWORD_CHANGED: "An operator chose another password.",
    EventType.APPLICATION_CREATED: "An app was registered.",
    EventType.APPLICATION_UPDATED: "An app's name or settings changed; the new ones are in it.",
    EventType.APPLICATION_DISABLED: "An app was switched off. Its sessions ended.",
    EventType.APPLICATION_SECRET_ROTATED: "An app got a new secret.",
    EventType.SUBJECTS_IMPORTED: "Users were imported from a file; how many.",
    EventType.SUBJECT_SAVED: "A user was made or changed.",
    EventType.SUBJECT_DELETED: "A user was deleted.",
    EventType.ORGANIZATION_SAVED: "An organization was made or changed.",
    EventType.ORGANIZATION_DELETED: "An organization was deleted.",
    EventType.GRANT_CREATED: "Somebody may work as a user.",
    EventType.GRANT_DENIED: "A rule refused a request or a launch; `rule` says which.",
    EventType.GRANT_CANCELLED: "A grant was withdrawn.",
    EventType.GRANT_LAUNCHED: "An operator pressed *Launch*; the hand-off is open for 60 s.",
    EventType.GRANT_EXPIRED: "A grant was not used in time.",
    EventType.TOKEN_REFUSED: "A token or code was refused; `rule` says why.",
    EventType.TOKEN_REPLAYED: "A token or code was used a second time.",
    EventType.SESSION_STARTED: "Somebody began to work as a user.",
    EventType.SESSION_ENDED: "The actor ended the session, or launched it again.",
    EventType.SESSION_EXPIRED: "Time ran out, or nothing happened for too long.",
    EventType.SESSION_REVOKED: "Somebody else ended it, or a premise fell.",
    EventType.ACTION_INTENDED: "A request that changes something is about to run.",
    EventType.ACTION_COMPLETED: "A request was answered; with its status and duration.",
    EventType.ACTION_BLOCKED: "The guard refused a request; `rule` says why.",
    EventType.AUDIT_EXPORTED: "The log was exported; with the filter.",
    EventType.AUDIT_ERASED: "Payloads were erased; of which indexes.",
}

PERMISSIONS: dict[Permission, str] = {
    Permission.DIRECTORY_READ: "see users and organizations",
    Permission.DIRECTORY_WRITE: "import, change and delete them",
    Permission.IMPERSONATION_START: "work as a user",
    Permission.GRANTS_READ: "see who was permitted what",
    Permission.GRANTS_DECIDE: "approve or deny (not used yet)",
    Permission.SESSIONS_READ: "see who works as whom",
    Permission.SESSIONS_REVOKE: "end somebody else's session",
    Permission.AUDIT_READ: "read the log, fetch receipts",
    Permission.AUDIT_EXPORT: "export the log",
    Permission.AUDIT_ERASE: "erase a person from the log",
    Permission.APPLICATIONS_READ: "see apps and their settings",
    Permission.APPLICATIONS_WRITE: "register apps, change settings, rotate secrets",
    Permission.OPERATORS_READ: "see the team",
    Permission.OPERATORS_WRITE: "invite, change and disable operators",
}

ROLES: dict[Role, str] = {
    Role.ADMIN: "sets the rules, and does not work under them",
    Role.SUPPORT_MANAGER: "works as users",
    Role.APPROVER: "watches, and ends what should not go on",
    Role.AUDITOR: "reads and proves everything, changes nothing",
}
