"""Legal holds."""

from __future__ import annotations

from typing import Annotated

import msgspec

from understudy.http.shapes import Answer, GivenSubjectId, Id, Input, Time


class PlaceHold(Input, frozen=True, kw_only=True):
    """What is kept and why. Without a subject it is the whole application."""

    application_id: Id
    subject_id: GivenSubjectId | None = None
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class HoldAnswer(Answer, frozen=True, kw_only=True):
    """A hold; it stands while ``released_at`` is null.

    ``placed_by`` is a name, for people; ``placed_by_id`` is null when it was no operator.
    """

    id: str
    application_id: str
    subject_id: str | None
    reason: str
    placed_by: str
    placed_by_id: str | None
    placed_at: Time
    released_at: Time | None
