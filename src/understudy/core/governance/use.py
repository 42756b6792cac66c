"""How much an operator has made of what they may do, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST = date(1970, 1, 1)


@dataclass(frozen=True, kw_only=True)
class GrantedOnDay:
    """What somebody asked for and was granted on one day, which is counted from 1970 in UTC."""

    day: int
    grants: int
    unapproved: int
    subjects: int
    off_hours: int
    ticketless: int


@dataclass(frozen=True, kw_only=True)
class RefusedOnDay:
    """What somebody was refused on such a day; refusals that are alike count once a minute."""

    day: int
    refused: int
    alarms: int


@dataclass(frozen=True, kw_only=True)
class DayOfUse:
    """One day in UTC. ``unapproved`` is what was asked for and waits, or was not agreed to;
    ``alarms`` are those of ``refused`` that touched a honey user.
    """

    day: date
    grants: int = 0
    unapproved: int = 0
    subjects: int = 0
    off_hours: int = 0
    ticketless: int = 0
    refused: int = 0
    alarms: int = 0


def days_of_use(
    granted: Iterable[GrantedOnDay], refused: Iterable[RefusedOnDay]
) -> tuple[DayOfUse, ...]:
    """The days on which there was anything, the latest first."""
    grants, refusals = {one.day: one for one in granted}, {one.day: one for one in refused}
    return tuple(
        _day(number, grants.get(number), refusals.get(number))
        for number in sorted(grants.keys() | refusals.keys(), reverse=True)
    )


def _day(number: int, granted: GrantedOnDay | None, refused: RefusedOnDay | None) -> DayOfUse:
    facts = {**(vars(granted) if granted else {}), **(vars(refused) if refused else {})}
    return DayOfUse(**{**facts, "day": _FIRST + timedelta(days=number)})
