"""A question to policies, as Cedar takes it: a request and the entities in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from operator import attrgetter
from typing import Any, NamedTuple

import cedarpy

from understudy.cedar.schema import schema
from understudy.core.governance.policies import PolicyQuestion
from understudy.core.people.permissions import Role
from understudy.core.people.principals import ActorKind

_REMEMBERED = 256

Json = Mapping[str, Any]


def request_of(question: PolicyQuestion) -> dict[str, Any]:
    """Who would do what to whom, under which circumstances."""
    return {
        "principal": _uid("Actor", question.actor_id),
        "action": _uid("Action", question.moment),
        "resource": _uid("Subject", question.subject_id),
        "context": _circumstances(question),
    }


class _People(NamedTuple):
    """The facts of a question that are its people's."""

    actor_id: str
    actor_kind: ActorKind
    actor_email: str | None
    actor_rank: int
    actor_roles: tuple[str, ...]
    subject_id: str
    subject_email: str | None
    subject_roles: tuple[str, ...]
    subject_rank: int
    subject_protected: bool
    organization_id: str | None


def entities_of(question: PolicyQuestion) -> cedarpy.Entities:
    """The actor and the subject, with what is known of them, checked against the schema.

    :raises ValueError: they are not as the schema says.
    """
    return _entities(_People(*_PEOPLE(question)))


_PEOPLE = attrgetter(*_People._fields)


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


# The same two people come again at each step: from the start to the last refresh of a session.
@lru_cache(maxsize=_REMEMBERED)
def _entities(people: _People) -> cedarpy.Entities:
    found = [
        {"uid": _uid("Actor", people.actor_id), "attrs": _actor(people), "parents": _roles(people)},
        {
            "uid": _uid("Subject", people.subject_id),
            "attrs": _subject(people),
            "parents": _tenant(people),
        },
    ]
    return cedarpy.Entities.from_json_str(json.dumps(found), schema())


def _actor(people: _People) -> Json:
    return {
        "id": people.actor_id,
        "kind": _entity("ActorKind", people.actor_kind),
        "rank": people.actor_rank,
        **_known("email", people.actor_email),
    }


def _subject(people: _People) -> Json:
    return {
        "id": people.subject_id,
        "roles": people.subject_roles,
        "rank": people.subject_rank,
        "protected": people.subject_protected,
        **_known("email", people.subject_email),
    }


def _roles(people: _People) -> list[Json]:
    # A role that only a newer version knows includes nothing here.
    return [_uid("Role", role) for role in people.actor_roles if role in set(Role)]


def _tenant(people: _People) -> list[Json]:
    inside = people.organization_id
    return [] if inside is None else [_uid("Organization", inside)]


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
