"""Limits on those who may impersonate."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.insiders import MOST_SUBJECTS
from understudy.http.shapes import Answer, Input, Time

Subjects = Annotated[
    int,
    msgspec.Meta(
        ge=1, le=MOST_SUBJECTS, description="Distinct users that one actor may work as in a time"
    ),
]


ClockTime = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](?!\n)$|^24:00(?!\n)$",
        description="Hours and minutes, from 00:00 to 24:00",
    ),
]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]


class WorkingHoursShape(Input, frozen=True, kw_only=True):
    """When people are expected to work; Monday is 1, and an end before the beginning is of the
    next morning.
    """

    time_zone: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=64,
            pattern=r"^[A-Za-z0-9_+/-]+(?!\n)$",
            description="A name of the IANA database, such as Europe/Berlin",
        ),
    ]
    days: Annotated[list[Weekday], msgspec.Meta(min_length=1, max_length=7)]
    begins: ClockTime
    ends: ClockTime


class InsiderLimitsChange(Input, frozen=True, kw_only=True):
    """Only what is given changes; null takes a limit away."""

    subjects_an_hour: Subjects | UnsetType | None = UNSET
    subjects_a_day: Subjects | UnsetType | None = UNSET
    look_ups_an_hour: Subjects | UnsetType | None = UNSET
    refuse_colleagues: bool | UnsetType = UNSET
    mark_ticketless: bool | UnsetType = UNSET
    working_hours: WorkingHoursShape | UnsetType | None = UNSET


class InsiderLimitsAnswer(Answer, frozen=True, kw_only=True):
    """What each actor of this application is held to; null is no limit."""

    subjects_an_hour: int | None
    subjects_a_day: int | None
    look_ups_an_hour: int | None
    refuse_colleagues: bool
    mark_ticketless: bool
    working_hours: WorkingHoursShape | None


class SetHoney(Input, frozen=True, kw_only=True):
    """Whether the user is to be a honey user."""

    honey: bool


class HoneyUserAnswer(Answer, frozen=True, kw_only=True):
    """A user as admins see it; ``since`` is when it became a honey user."""

    application_id: str
    id: str
    email: str | None
    name: str | None
    honey: bool
    since: Time | None
