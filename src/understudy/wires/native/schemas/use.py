"""How much an operator makes of what they may do."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from understudy.http.query import Query
from understudy.http.shapes import Answer
from understudy.wires.native.schemas.operators import OperatorAnswer


class UseQuery(Query, frozen=True, kw_only=True):
    """How far to look back."""

    days: Annotated[int, msgspec.Meta(ge=1, le=90, description="Days, today among them.")] = 30


class DayOfUseAnswer(Answer, frozen=True, kw_only=True):
    """One day, in UTC, on which there was anything.

    `unapproved` requests are those that others have not agreed to: they wait, were turned down,
    lapsed or were withdrawn. Refusals that are alike count once a minute; `alarms` are those that
    touched a honey user.
    """

    day: date
    grants: int
    unapproved: int
    users: int
    off_hours: int
    ticketless: int
    refused: int
    alarms: int


class UseAnswer(Answer, frozen=True, kw_only=True):
    """What an operator was granted and refused, the latest day first.

    `users` is how many distinct ones there were in all these days.
    """

    operator: OperatorAnswer
    users: int
    days: list[DayOfUseAnswer]
