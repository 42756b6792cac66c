"""Whether one actor may become one subject: the rules that no setting may break.

``decide`` is asked at the request, and ``standing`` again at the exchange, on refresh and whenever
a premise changes (DESIGN rule 8). Both are pure: they see values and say yes or no.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from understudy.core.applications.application import Application
from understudy.core.impersonation.grants import (
    MAX_MINUTES,
    REASON_MAX_LENGTH,
    RETURN_TO_MAX_LENGTH,
    TICKET_MAX_LENGTH,
    ImpersonationRequest,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.core.impersonation.sessions import EndCause
from understudy.core.people.permissions import Permission
from understudy.core.people.principals import (
    Actor,
    ActorKind,
    Operator,
    Organization,
    Status,
    Subject,
)
from understudy.core.rules.approvals import Quorum


class Rule(StrEnum):
    """The stable code of every refusal."""

    IMPERSONATION_OFF = "impersonation_off"
    APPLICATION_INACTIVE = "application_inactive"
    ACTOR_INACTIVE = "actor_inactive"
    ACTOR_NOT_ALLOWED = "actor_not_allowed"
    ACTOR_EMAIL_IS_OPERATORS = "actor_email_is_operators"
    REASON_MISSING = "reason_missing"
    REASON_TOO_SHORT = "reason_too_short"
    REASON_TOO_LONG = "reason_too_long"
    REASON_NOT_TEXT = "reason_not_text"
    TICKET_MISSING = "ticket_missing"
    TICKET_TOO_LONG = "ticket_too_long"
    TICKET_NOT_TEXT = "ticket_not_text"
    MINUTES_OUT_OF_RANGE = "minutes_out_of_range"
    SCOPE_NOT_ALLOWED = "scope_not_allowed"
    RETURN_TO_NOT_A_PATH = "return_to_not_a_path"
    SUBJECT_UNKNOWN = "subject_unknown"
    SUBJECT_INACTIVE = "subject_inactive"
    SUBJECT_PROTECTED = "subject_protected"
    SUBJECT_OUTRANKS = "subject_outranks"
    SUBJECT_IS_ACTOR = "subject_is_actor"
    ORGANIZATION_MISMATCH = "organization_mismatch"
    ORGANIZATION_INACTIVE = "organization_inactive"
    NESTED = "nested"
    GRANT_CLOSED = "grant_closed"
    LAUNCH_NOT_ARMED = "launch_not_armed"


CONCEALED = frozenset(
    {
        Rule.SUBJECT_UNKNOWN,
        Rule.SUBJECT_INACTIVE,
        Rule.SUBJECT_PROTECTED,
        Rule.SUBJECT_OUTRANKS,
        Rule.ORGANIZATION_MISMATCH,
        Rule.ORGANIZATION_INACTIVE,
    }
)
"""Refusals that must look alike to those who may not read the directory (DESIGN rule 9)."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a permitted grant is held to."""

    minutes: int
    scope: Scope
    reason: str
    ticket: str | None
    return_to: str | None


@dataclass(frozen=True, kw_only=True)
class Permit:
    """Yes, within ``limits``."""

    limits: Limits


@dataclass(frozen=True, kw_only=True)
class Deny:
    """No, because of ``rule``."""

    rule: Rule

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class RequireApproval:
    """Yes within ``limits``, once ``quorum`` agrees."""

    limits: Limits
    quorum: Quorum


Decision = Permit | Deny | RequireApproval


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the rules look at, read in the transaction that acts on the answer.

    ``operator`` is the account behind an operator actor. ``email_owner`` is the operator, if any,
    who holds the e-mail that an application gave to the actor it named. ``actor_is_impersonated``
    is true while somebody works as the very user whom the application names as the actor.
    """

    application: Application | None
    subject: Subject | None
    organization: Organization | None = None
    operator: Operator | None = None
    email_owner: Operator | None = None
    actor_is_impersonated: bool = False


def decide(request: ImpersonationRequest, snapshot: Snapshot) -> Decision:
    """The decision on ``request``: who first, then what was asked, then whom."""
    application = snapshot.application
    if application is None:
        return Deny(rule=Rule.APPLICATION_INACTIVE)
    rule = (
        _application_rule(application)
        or _actor_rule(request.actor, snapshot)
        or _request_rule(request, application)
        or _subject_rule(request.actor, snapshot)
        or _organization_rule(_tenant(request, snapshot), snapshot)
    )
    if rule is not None:
        return Deny(rule=rule)
    return Permit(limits=_limits(request, application))


def standing(actor: Actor, organization_id: str | None, snapshot: Snapshot) -> Deny | None:
    """Why a grant's premises no longer hold, or None while they do."""
    if snapshot.application is None:
        return Deny(rule=Rule.APPLICATION_INACTIVE)
    rule = (
        _application_rule(snapshot.application)
        or _actor_rule(actor, snapshot)
        or _subject_rule(actor, snapshot)
        or _organization_rule(organization_id, snapshot)
    )
    return None if rule is None else Deny(rule=rule)


END_CAUSE: dict[Rule, EndCause] = {
    Rule.IMPERSONATION_OFF: EndCause.IMPERSONATION_OFF,
    Rule.APPLICATION_INACTIVE: EndCause.APPLICATION_INACTIVE,
    Rule.ACTOR_INACTIVE: EndCause.ACTOR_INACTIVE,
    Rule.ACTOR_NOT_ALLOWED: EndCause.ACTOR_NOT_ALLOWED,
    Rule.ACTOR_EMAIL_IS_OPERATORS: EndCause.ACTOR_NOT_ALLOWED,
    Rule.NESTED: EndCause.ACTOR_NOT_ALLOWED,
    Rule.SUBJECT_UNKNOWN: EndCause.SUBJECT_INACTIVE,
    Rule.SUBJECT_INACTIVE: EndCause.SUBJECT_INACTIVE,
    Rule.SUBJECT_PROTECTED: EndCause.SUBJECT_PROTECTED,
    Rule.SUBJECT_OUTRANKS: EndCause.SUBJECT_PROTECTED,
    Rule.SUBJECT_IS_ACTOR: EndCause.SUBJECT_PROTECTED,
    Rule.ORGANIZATION_MISMATCH: EndCause.SUBJECT_INACTIVE,
    Rule.ORGANIZATION_INACTIVE: EndCause.SUBJECT_INACTIVE,
}
"""Why a session ends when a premise falls, for every rule that ``standing`` can name."""


def _tenant(request: ImpersonationRequest, snapshot: Snapshot) -> str | None:
    """The organization asked for; the subject's own when none was named."""
    if request.organization_id is not None or snapshot.subject is None:
        return request.organization_id
    return snapshot.subject.organization_id


def _application_rule(application: Application) -> Rule | None:
    if application.status is not Status.ACTIVE:
        return Rule.APPLICATION_INACTIVE
    if not application.settings.impersonation_allowed:
        return Rule.IMPERSONATION_OFF
    return None


def _actor_rule(actor: Actor, snapshot: Snapshot) -> Rule | None:
    if actor.kind is ActorKind.NAMED_BY_APPLICATION:
        return _named_actor_rule(snapshot)
    if snapshot.operator is None or snapshot.operator.id != actor.ref:
        return Rule.ACTOR_INACTIVE
    if not snapshot.operator.active:
        return Rule.ACTOR_INACTIVE
    if not snapshot.operator.may(Permission.IMPERSONATION_START):
        return Rule.ACTOR_NOT_ALLOWED
    return None


def _named_actor_rule(snapshot: Snapshot) -> Rule | None:
    if snapshot.email_owner is not None:
        return Rule.ACTOR_EMAIL_IS_OPERATORS
    # Whoever works as this user could make the app name the user as an actor in turn.
    return Rule.NESTED if snapshot.actor_is_impersonated else None


def _request_rule(request: ImpersonationRequest, application: Application) -> Rule | None:
    settings = application.settings
    return (
        _reason_rule(request.reason, settings.reason_min_length)
        or _ticket_rule(request.ticket, required=settings.ticket_required)
        or _minutes_rule(request.minutes, min(settings.max_minutes, MAX_MINUTES))
        or _scope_rule(request.scope, settings.allowed_scopes)
        or _return_to_rule(request.return_to)
    )


def _reason_rule(reason: str, minimum: int) -> Rule | None:
    text = reason.strip()
    if not text:
        return Rule.REASON_MISSING
    if not is_plain_text(text):
        return Rule.REASON_NOT_TEXT
    if len(text) > REASON_MAX_LENGTH:
        return Rule.REASON_TOO_LONG
    if len(text) < minimum:
        return Rule.REASON_TOO_SHORT
    return None


def _ticket_rule(ticket: str | None, *, required: bool) -> Rule | None:
    text = (ticket or "").strip()
    if not text:
        return Rule.TICKET_MISSING if required else None
    if not is_plain_text(text) or "\n" in text:
        return Rule.TICKET_NOT_TEXT
    return Rule.TICKET_TOO_LONG if len(text) > TICKET_MAX_LENGTH else None


def _minutes_rule(minutes: int | None, maximum: int) -> Rule | None:
    if minutes is not None and not 1 <= minutes <= maximum:
        return Rule.MINUTES_OUT_OF_RANGE
    return None


def _scope_rule(scope: Scope | None, allowed: tuple[Scope, ...]) -> Rule | None:
    return Rule.SCOPE_NOT_ALLOWED if scope is not None and scope not in allowed else None


def _return_to_rule(return_to: str | None) -> Rule | None:
    return None if return_to is None or is_local_path(return_to) else Rule.RETURN_TO_NOT_A_PATH


def _subject_rule(actor: Actor, snapshot: Snapshot) -> Rule | None:
    subject, application = snapshot.subject, snapshot.application
    if subject is None or subject.status is Status.DELETED or application is None:
        return Rule.SUBJECT_UNKNOWN
    if subject.status is not Status.ACTIVE:
        return Rule.SUBJECT_INACTIVE
    if _same_person(actor, subject):
        return Rule.SUBJECT_IS_ACTOR
    if subject.protected:
        return Rule.SUBJECT_PROTECTED
    if subject.rank(application.settings.role_ranks) >= actor.rank:
        return Rule.SUBJECT_OUTRANKS
    return None


def _organization_rule(organization_id: str | None, snapshot: Snapshot) -> Rule | None:
    if snapshot.subject is None or snapshot.subject.organization_id != organization_id:
        return Rule.ORGANIZATION_MISMATCH
    organization = snapshot.organization
    if organization is not None and organization.status is not Status.ACTIVE:
        return Rule.ORGANIZATION_INACTIVE
    return None


def _same_person(actor: Actor, subject: Subject) -> bool:
    if actor.kind is ActorKind.NAMED_BY_APPLICATION and actor.id == subject.id:
        return True
    if actor.email is None or subject.email is None:
        return False
    return fold_email(actor.email) == fold_email(subject.email)


def fold_email(email: str) -> str:
    """The form under which two spellings of one address compare equal."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def is_plain_text(text: str) -> bool:
    """True when ``text`` holds no control, format, surrogate or private-use characters.

    Line feeds are text; bidirectional overrides are not: they make a log lie to its reader.
    """
    # Nearly all of it is printable, which no character of these categories is.
    return text.isprintable() or not any(
        unicodedata.category(char).startswith("C") and char != "\n" for char in text
    )


def is_local_path(value: str) -> bool:
    """True for an absolute path on the same origin: no scheme, host, backslash or control."""
    return (
        value.startswith("/")
        and not value.startswith("//")
        and "\\" not in value
        and len(value) <= RETURN_TO_MAX_LENGTH
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def _limits(request: ImpersonationRequest, application: Application) -> Limits:
    settings = application.settings
    maximum = min(settings.max_minutes, MAX_MINUTES)
    return Limits(
        minutes=request.minutes or min(settings.default_minutes, maximum),
        scope=request.scope or settings.default_scope,
        reason=request.reason.strip(),
        ticket=(request.ticket or "").strip() or None,
        return_to=request.return_to,
    )
