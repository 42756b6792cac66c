"""What is tried for each fact that a policy mentions: its values, those beside them, and none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from understudy.cedar.literals import Literals
from understudy.core.governance.policies import Moment
from understudy.core.impersonation.grants import MAX_MINUTES
from understudy.core.impersonation.restrictions import Scope
from understudy.core.people.labels import MOST_GROUPS, MOST_TAGS, folded_tag, is_group
from understudy.core.people.permissions import Role
from understudy.core.people.principals import ActorKind

WHENEVER = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_MOST_RANK = 1_000

Values = Sequence[Any]


def trials(said: Literals) -> dict[str, Values]:
    """For each field of a question that is mentioned, its values."""
    return {field: values for field, of in _VALUES.items() if (values := of(said))}


def _when(fact: str, values: Callable[[Literals], Values]) -> Callable[[Literals], Values]:
    return lambda said: values(said) if fact in said.mentioned else ()


def _ids(kind: str) -> Callable[[Literals], Values]:
    def values(said: Literals) -> Values:
        named = said.named(kind)
        return (*named, *said.texts, "x") if named or "id" in said.mentioned else ()

    return values


def _email(said: Literals) -> Values:
    return (*said.texts, "x@x.example", None)


def _rank(said: Literals) -> Values:
    return _beside((0, 100, *said.numbers), 0, _MOST_RANK)


def _actor_roles(said: Literals) -> Values:
    return ((), *((role,) for role in Role), tuple(Role)) if said.named("Role") else ()


def _subject_roles(said: Literals) -> Values:
    return ((), *((text,) for text in said.texts), said.texts, ("x",))


def _actor_groups(said: Literals) -> Values:
    # What cannot be the name of a group is met by nobody.
    named = tuple(filter(is_group, said.texts))
    return ((), *((name,) for name in named), named[:MOST_GROUPS], ("x",))


def _subject_tags(said: Literals) -> Values:
    # In other letters than those in which tags are stored it is met by nobody.
    named = tuple(text for text in said.texts if text and text == folded_tag(text))
    return ((), *((name,) for name in named), named[:MOST_TAGS], ("x",))


def _organization(said: Literals) -> Values:
    named = said.named("Organization")
    return (None, *named, "x") if named else ()


def _minutes(said: Literals) -> Values:
    return _beside((1, MAX_MINUTES, *said.numbers), 1, MAX_MINUTES)


def _moments(said: Literals) -> Values:
    return tuple(_times(said)) if said.mentioned & {"now", "weekday"} else ()


def _times(said: Literals) -> Iterator[datetime]:
    """What is mentioned and what lies beside it, and some hours of each day of a week."""
    midnight = WHENEVER.replace(hour=0)
    within_a_day = [midnight + one for one in said.durations if one < _DAY]
    for moment in (*said.moments, *within_a_day):
        yield from (moment - _SECOND, moment, moment + _SECOND)
    for day in range(7):
        yield from (midnight + day * _DAY + timedelta(hours=hour) for hour in range(0, 24, 3))


def _beside(numbers: Iterable[int], least: int, most: int) -> Values:
    near = {one + step for one in numbers for step in (-1, 0, 1)}
    return tuple(sorted(one for one in near if least <= one <= most))


_VALUES: Mapping[str, Callable[[Literals], Values]] = {
    "moment": lambda said: tuple(Moment),
    "actor_kind": _when("kind", lambda said: tuple(ActorKind)),
    "actor_id": _ids("Actor"),
    "actor_email": _when("email", _email),
    "actor_rank": _when("rank", _rank),
    "actor_roles": _actor_roles,
    "actor_groups": _when("groups", _actor_groups),
    "subject_id": _ids("Subject"),
    "subject_email": _when("email", _email),
    "subject_roles": _when("roles", _subject_roles),
    "subject_tags": _when("tags", _subject_tags),
    "subject_rank": _when("rank", _rank),
    "subject_protected": _when("protected", lambda said: (False, True)),
    "organization_id": _organization,
    "reason": _when("reason", lambda said: (*said.texts, "x", "")),
    "ticket": _when("ticket", lambda said: (None, *said.texts, "x")),
    "minutes": _when("minutes", _minutes),
    "scope": _when("scope", lambda said: tuple(Scope)),
    "now": _moments,
    "address": _when("address", lambda said: (None, *said.addresses, "192.0.2.1", "2001:db8::1")),
}
