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


class InsiderLimitsChange(Input, frozen=True, kw_only=True):
    """Only what is given changes; null takes a limit away."""

    subjects_an_hour: Subjects | UnsetType | None = UNSET
    subjects_a_day: Subjects | UnsetType | None = UNSET
    refuse_colleagues: bool | UnsetType = UNSET


class InsiderLimitsAnswer(Answer, frozen=True, kw_only=True):
    """What each actor of this application is held to; null is no limit."""

    subjects_an_hour: int | None
    subjects_a_day: int | None
    refuse_colleagues: bool


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
