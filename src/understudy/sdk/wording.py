"""What people read: why a session is over, and what was not done."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.page_marks import OWN
from understudy.sdk.values import ActiveSession

_CAUSES = {
    EndCause.ENDED_BY_ACTOR: "You ended it.",
    EndCause.REVOKED: "Somebody with the right to do so revoked it.",
    EndCause.TIME_LIMIT: "Its time was up.",
    EndCause.IDLE: "Nothing had happened in it for a while.",
    EndCause.RELAUNCHED: "It was launched again, and goes on in another window.",
    EndCause.REPLACED: "You launched another one in this browser, and it took its place.",
    EndCause.TOKEN_REPLAYED: "Its one-time token was used twice, so it may have been stolen.",
    EndCause.GRANT_CANCELLED: "The permission for it was withdrawn.",
    EndCause.ACTOR_INACTIVE: "Your account was disabled.",
    EndCause.ACTOR_NOT_ALLOWED: "You are not allowed to impersonate any more.",
    EndCause.SUBJECT_INACTIVE: "The user's account was disabled or deleted.",
    EndCause.SUBJECT_PROTECTED: "The user may not be impersonated any more.",
    EndCause.CONSENT_WITHDRAWN: "The user does not agree to it any more.",
    EndCause.APPLICATION_INACTIVE: "Impersonation of this app's users was stopped.",
    EndCause.IMPERSONATION_OFF: "Impersonation was turned off for this app.",
    EndCause.POLICY_FORBIDS: "A policy of this app forbids it by now.",
    EndCause.RULES_CHANGED: "The rules for it have changed.",
    EndCause.IDENTITY_NOT_APPLIED: "This app did not show the user whom it should have shown.",
    EndCause.CLOCK_DOUBT: "The service's clock was set, so nobody knows how long it has lasted.",
    EndCause.APPROVAL_WITHDRAWN: "Somebody who had agreed to it took that back.",
}
_DETAILS = {
    "duplicate_cookie": "The request carries two session cookies. Clear them, then try again.",
    "ambiguous_credentials": (
        "The request carries an impersonation session and an Authorization header. "
        "Send only one of them."
    ),
    "unavailable": "Understudy cannot be reached, so nothing was done. Try again shortly.",
    "forbidden_while_impersonating": (
        "This cannot be done while impersonating. Only the user themself may."
    ),
    "write_blocked": (
        "This session is read-only, and the app wanted to change something to answer. "
        "Nothing was changed."
    ),
    "cross_site_refused": "The request came from another site and was refused.",
    "app_failed": "The app failed while it answered. It may have changed something all the same.",
    "another_origin": "This session is open at another address. Launch it again from Understudy.",
    "page_of_another_session": (
        "The page that sent this belongs to another session than the one in this browser, "
        "so nothing was done."
    ),
    "page_unmarked": (
        "The request does not say whose page it comes from, and this browser has worked as more "
        "than one user, so nothing was done. Pages that cannot run Understudy's script are read "
        "only meanwhile."
    ),
    "redaction_unreadable": (
        "Some of what this app shows is hidden while impersonating, and what it answered cannot be "
        "looked through, so it was held back. An admin can open its address."
    ),
    "too_long_to_look_through": (
        "Some of what this app shows is hidden while impersonating, and what was sent is too long "
        "to be looked through for it, so nothing was done."
    ),
    "masked_value_saved": (
        "This would store what stands in place of a hidden value, or change a value that is hidden "
        "from you, so nothing was done."
    ),
    "service_worker_refused": "Service workers are not installed while impersonating.",
    "not_found": "There is nothing here.",
    "nested": "End the present session before you start another.",
    "start_under_way": "A start of yours is under way already. Wait for it.",
    "start_at_origin": (
        "Sessions of this app have addresses of their own. Start this one from Understudy."
    ),
    "outcome_unknown": "Whether the session has begun is not known. Start it once more.",
    "subject_unavailable": "This user cannot be impersonated.",
    "consent_by_staff": "Staff do not agree for users, nor as users. Ask the user.",
    "origin_refused": "Live connections are only open to this app's own pages.",
}


def cause_text(cause: EndCause | None) -> str:
    """Why a session is over, in one sentence."""
    return _CAUSES[cause] if cause is not None else "It has ended, or never existed."


def refusal_text(code: str, label: str | None = None) -> str:
    """Why a request was refused, in one sentence or two."""
    if code == "action_blocked":
        asks = "Ask the user to do it, or an admin to unblock it."
        return f"“{label}” is blocked while impersonating. {asks}"
    if code == "read_only":
        return f"This session is read-only: no {label}."
    return _DETAILS.get(code, "The request was refused.")


def differs_text(names: Iterable[str]) -> str:
    """In which fields a change is another than the one that was allowed."""
    return f"It is another change than the one that was allowed, by: {', '.join(names)}."


def page_text(mark: str | None, session: ActiveSession | None) -> str:
    """Whose page it was from which a request came; ``session`` is that of ``mark``, if known."""
    if mark == OWN:
        return "as yourself"
    if session is None:
        return "in another session"
    return f"as {subject_text(session)}"


def subject_text(session: ActiveSession | None) -> str:
    """Whom a session shows, as people call them."""
    if session is None:
        return "another user"
    subject = session.subject
    return subject.name or subject.email or subject.id
