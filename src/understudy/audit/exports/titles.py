"""What each type of entry is called where people read events."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.core.notices.events import EventType as E

_TITLES: Mapping[E, str] = {
    E.SUBJECTS_IMPORTED: "Users imported",
    E.SUBJECT_SAVED: "User saved",
    E.SUBJECT_DELETED: "User deleted",
    E.OPERATOR_SIGN_IN_FAILED: "Operator sign-in failed",
    E.GRANT_CREATED: "Impersonation granted",
    E.GRANT_DENIED: "Impersonation denied",
    E.GRANT_CANCELLED: "Impersonation cancelled",
    E.GRANT_LAUNCHED: "Impersonation launched",
    E.GRANT_EXPIRED: "Impersonation grant expired",
    E.TOKEN_REFUSED: "Impersonation token refused",
    E.TOKEN_REPLAYED: "Impersonation token used twice",
    E.SESSION_STARTED: "Impersonation started",
    E.SESSION_ENDED: "Impersonation ended",
    E.SESSION_EXPIRED: "Impersonation expired",
    E.SESSION_REVOKED: "Impersonation revoked",
    E.ACTION_INTENDED: "Request while impersonating begun",
    E.ACTION_COMPLETED: "Request while impersonating",
    E.ACTION_BLOCKED: "Request while impersonating blocked",
    E.HOLD_PLACED: "Legal hold placed",
    E.HOLD_RELEASED: "Legal hold released",
    E.AUDIT_EXPORTED: "Audit log exported",
    E.AUDIT_ERASED: "Audit log contents erased",
}


def title_of(kind: E) -> str:
    """The title of a type: where its name says it all, that, as words."""
    return _TITLES.get(kind) or kind.value.replace(".", " ").replace("_", " ").capitalize()
