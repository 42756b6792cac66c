"""An entry as a document of the Elastic Common Schema (ECS).

``user`` is who performs: the staff member. The identity that they assumed is ``user.effective``, as
the schema's chapter on user fields has it; whom an administrative change is about is
``user.target``. Who acts on somebody else's session assumes nobody: its actor is the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.audit.exports.facts import Facts, Person, Source, present
from understudy.core.notices.events import EventType, Outcome, PartyKind
from understudy.core.notices.kinds import Deed, EventKind, Topic

VERSION = "9.0.0"

_SESSION = ("authentication", "session")
_SIGN_IN = ("authentication",)
_IAM = ("iam",)
_CONFIGURATION = ("configuration",)
_REQUEST = ("web",)

_DEEDS: Mapping[Deed, tuple[Sequence[str], Sequence[str]]] = {
    Deed.BEGUN: (_SESSION, ("start",)),
    Deed.OVER: (_SESSION, ("end",)),
    # Neither category has a type for what was refused; the outcome says that it was.
    Deed.REFUSED: (_SESSION, ("start",)),
    Deed.SIGNED_IN: (_SIGN_IN, ("start",)),
    Deed.SIGNED_OUT: (_SIGN_IN, ("end",)),
    Deed.INTENDED: (_REQUEST, ("access",)),
    Deed.COMPLETED: (_REQUEST, ("access",)),
    Deed.BLOCKED: (_REQUEST, ("access",)),
}
_PEOPLE = frozenset({Topic.TEAM, Topic.USERS})
_CHANGES: Mapping[Deed, str] = {
    Deed.CREATED: "creation",
    Deed.DELETED: "deletion",
    Deed.READ: "access",
}
# Named before there were types to name them after; what alerts on them shall go on working.
_ACTIONS: Mapping[str, str] = {
    EventType.GRANT_DENIED: "impersonation-denied",
    EventType.SESSION_STARTED: "impersonation-started",
    EventType.SESSION_ENDED: "impersonation-ended",
    EventType.SESSION_EXPIRED: "impersonation-expired",
    EventType.SESSION_REVOKED: "impersonation-revoked",
}
_OUTCOMES = {Outcome.OK: "success", Outcome.DENIED: "failure", Outcome.FAILED: "failure"}
_NANOSECONDS = 1_000_000
"""In one millisecond: ECS counts durations in nanoseconds."""


def ecs_event(facts: Facts, source: Source) -> dict[str, Any]:
    """The document."""
    organization = facts.organization
    return present(
        {
            "@timestamp": _timestamp(facts),
            "ecs": {"version": VERSION},
            "message": facts.warning,
            "event": _event(facts, source),
            "user": _user(facts),
            "related": _related(facts),
            "source": present({"address": facts.address, "ip": facts.ip}),
            "user_agent": present({"original": facts.user_agent}),
            "service": {"name": "understudy", "type": "understudy", "version": source.version},
            "organization": _organization(organization) if organization else None,
            "http": _http(facts),
            "url": present({"path": facts.path}),
            "understudy": _ours(facts),
        }
    )


def _timestamp(facts: Facts) -> str:
    return facts.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(facts: Facts, source: Source) -> dict[str, Any]:
    category, kinds = _classified(facts.kind)
    return present(
        {
            "kind": "alert" if facts.alarming else "event",
            "category": list(category),
            "type": list(kinds),
            "action": _ACTIONS.get(facts.type, facts.type.replace(".", "-").replace("_", "-")),
            "code": facts.type,
            "outcome": _OUTCOMES[Outcome(facts.outcome)] if facts.outcome else "unknown",
            "reason": facts.reason or facts.cause,
            "id": f"{source.origin}/{facts.index}",
            "sequence": facts.index,
            "module": "understudy",
            "dataset": "understudy.audit",
            "provider": source.origin,
            "duration": None if facts.duration_ms is None else facts.duration_ms * _NANOSECONDS,
        }
    )


def _classified(kind: EventKind) -> tuple[Sequence[str], Sequence[str]]:
    if kind.deed in _DEEDS:
        return _DEEDS[kind.deed]
    if kind.topic is Topic.REQUESTS:
        return _SESSION, ("info",)
    if kind.topic is Topic.UNKNOWN:
        return (), ("info",)
    if kind.topic in _PEOPLE:
        # Whose account is looked at is no change to it, and the category knows no access.
        return _IAM, ("info" if kind.deed is Deed.READ else _CHANGES.get(kind.deed, "change"),)
    return _CONFIGURATION, (_CHANGES.get(kind.deed, "change"),)


def _user(facts: Facts) -> dict[str, Any]:
    by, subject = facts.by, facts.subject
    staff = _party(by, facts) if by is not None else {}
    if facts.doer is not None:
        return present({**staff, "target": _party(facts.actor, facts) if facts.actor else None})
    assumed = facts.grant_id is not None or facts.session_id is not None
    role = "effective" if assumed else "target"
    return present({**staff, role: _party(subject, facts) if subject else None})


def _party(person: Person, facts: Facts) -> dict[str, Any]:
    """Somebody, in the application's own directory if it is that which vouches for them."""
    own = person.kind in (PartyKind.NAMED_BY_APPLICATION, PartyKind.SUBJECT)
    domain = facts.application_id if own else None
    found = {"id": person.known_as, "name": person.name, "email": person.email}
    return present(found | {"domain": domain})


def _organization(organization: Person) -> dict[str, Any]:
    return present({"id": organization.known_as, "name": organization.name})


def _related(facts: Facts) -> dict[str, Any]:
    named = (facts.doer, facts.actor, facts.subject)
    people = [one for one in named if one and one.kind != PartyKind.SYSTEM]
    names = (name for one in people for name in (one.id, one.ref, one.email, one.name) if name)
    return present({"user": list(dict.fromkeys(names)), "ip": [facts.ip] if facts.ip else None})


def _http(facts: Facts) -> dict[str, Any]:
    return present(
        {
            "request": present({"method": facts.method, "id": facts.action_id}),
            "response": present({"status_code": facts.status}),
        }
    )


def _ours(facts: Facts) -> dict[str, Any]:
    return present(
        {
            "application_id": facts.application_id,
            "grant_id": facts.grant_id,
            "session_id": facts.session_id,
            "actor": _vouched(facts.actor),
            "doer": _vouched(facts.doer),
            "subject": _vouched(facts.subject),
            "rule": facts.rule,
            "ticket": facts.ticket,
            "route": facts.route,
            "details": dict(facts.details),
            "erased": list(facts.erased),
        }
    )


def _vouched(person: Person | None) -> dict[str, Any]:
    """Who vouches for somebody, and under which reference of ours."""
    if person is None:
        return {}
    return present(
        {"kind": person.kind, "ref": person.ref, "taken_over": person.taken_over or None}
    )
