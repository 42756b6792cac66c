"""A question to policies, as Cedar takes it: a request and the entities in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from operator import attrgetter
from typing import Any, NamedTuple

import cedarpy

from understudy.cedar.circumstances import EVERYTHING, Looked
from understudy.cedar.schema import schema
from understudy.core.governance.policies import Moment, PolicyQuestion
from understudy.core.people.permissions import Role
from understudy.core.people.principals import ActorKind

_REMEMBERED = 256

Json = Mapping[str, Any]


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
    actor_groups: tuple[str, ...]
    subject_tags: tuple[str, ...]


class Asked(NamedTuple):
    """A question without what no policy looks at: of two that are equal, the verdicts are."""

    moment: Moment
    people: _People
    circumstances: tuple[tuple[str, str | int], ...]


def asked(question: PolicyQuestion, looked: Looked = EVERYTHING) -> Asked:
    """``question`` to policies that look at what they are ``looked`` to do."""
    said = ((name, say(question)) for name, say in _said(looked))
    return Asked(
        moment=question.moment if looked.moment else Moment.START,
        people=_People(*_PEOPLE(question)),
        circumstances=tuple((name, fact) for name, fact in said if fact is not None),
    )


def request_of(what: Asked) -> dict[str, Any]:
    """Who would do what to whom, under which circumstances."""
    return {
        "principal": _uid("Actor", what.people.actor_id),
        "action": _uid("Action", what.moment),
        "resource": _uid("Subject", what.people.subject_id),
        "context": {
            name: _SHAPED[name](fact) if name in _SHAPED else fact
            for name, fact in what.circumstances
        },
    }


_PEOPLE = attrgetter(*_People._fields)

# None is a fact that is not known, and is told by leaving it out.
_FACTS: Mapping[str, Callable[[PolicyQuestion], str | int | None]] = {
    "reason": lambda question: question.reason,
    "ticket": lambda question: question.ticket,
    "minutes": lambda question: question.minutes,
    "scope": lambda question: question.scope,
    "now": lambda question: _text(question.now),
    "weekday": lambda question: question.now.astimezone(UTC).isoweekday(),
    "address": lambda question: _address(question.address),
}
_SHAPED: Mapping[str, Callable[[Any], Json]] = {
    "scope": lambda fact: _entity("Scope", fact),
    "now": lambda fact: _extension("datetime", fact),
    "address": lambda fact: _extension("ip", fact),
}


@lru_cache(maxsize=_REMEMBERED)
def _said(looked: Looked) -> tuple[tuple[str, Callable[[PolicyQuestion], str | int | None]], ...]:
    # One that only a newer release knows is not told, and what asks for it errs.
    named = looked.circumstances
    return tuple((name, say) for name, say in _FACTS.items() if named is None or name in named)


# The same two people come again at each step: from the start to the last refresh of a session.
@lru_cache(maxsize=_REMEMBERED)
def entities_of(people: _People) -> cedarpy.Entities:
    """The actor and the subject, with what is known of them, checked against the schema.

    :raises ValueError: they are not as the schema says.
    """
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
        "groups": people.actor_groups,
        **_known("email", people.actor_email),
    }


def _subject(people: _People) -> Json:
    return {
        "id": people.subject_id,
        "roles": people.subject_roles,
        "rank": people.subject_rank,
        "protected": people.subject_protected,
        "tags": people.subject_tags,
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
