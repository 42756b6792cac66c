"""A question to policies, as Cedar takes it: a request and the entities in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from understudy.core.governance.policies import PolicyQuestion
from understudy.core.people.permissions import Role

Json = Mapping[str, Any]


def request_of(question: PolicyQuestion) -> dict[str, Any]:
    """Who would do what to whom, under which circumstances."""
    return {
        "principal": _uid("Actor", question.actor_id),
        "action": _uid("Action", question.moment),
        "resource": _uid("Subject", question.subject_id),
        "context": _circumstances(question),
    }


def entities_of(question: PolicyQuestion) -> list[dict[str, Any]]:
    """The actor and the subject, with what is known of them."""
    return [_actor(question), _subject(question)]


def _circumstances(question: PolicyQuestion) -> Json:
    facts: dict[str, Any] = {
        "reason": question.reason,
        "minutes": question.minutes,
        "scope": _entity("Scope", question.scope),
        "now": _extension("datetime", _text(question.now)),
        "weekday": question.now.astimezone(UTC).isoweekday(),
    }
    if question.ticket is not None:
        facts["ticket"] = question.ticket
    address = _address(question.address)
    if address is not None:
        facts["address"] = _extension("ip", address)
    return facts


def _actor(question: PolicyQuestion) -> dict[str, Any]:
    # A role that only a newer version knows includes nothing here.
    roles = [role for role in question.actor_roles if role in set(Role)]
    return {
        "uid": _uid("Actor", question.actor_id),
        "attrs": {
            "id": question.actor_id,
            "kind": _entity("ActorKind", question.actor_kind),
            "rank": question.actor_rank,
            **_known("email", question.actor_email),
        },
        "parents": [_uid("Role", role) for role in roles],
    }


def _subject(question: PolicyQuestion) -> dict[str, Any]:
    inside = question.organization_id
    return {
        "uid": _uid("Subject", question.subject_id),
        "attrs": {
            "id": question.subject_id,
            "roles": list(question.subject_roles),
            "rank": question.subject_rank,
            "protected": question.subject_protected,
            **_known("email", question.subject_email),
        },
        "parents": [] if inside is None else [_uid("Organization", inside)],
    }


def _known(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _entity(kind: str, name: str) -> Json:
    return {"__entity": _uid(kind, name)}


def _extension(function: str, argument: str) -> Json:
    return {"__extn": {"fn": function, "arg": argument}}


def _text(moment: datetime) -> str:
    # Cedar reads no other form: milliseconds, and Z for UTC.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _address(text: str | None) -> str | None:
    """``text`` if it is an address; what is none is as if it were not known."""
    try:
        return None if text is None else str(ip_address(text))
    except ValueError:
        return None
