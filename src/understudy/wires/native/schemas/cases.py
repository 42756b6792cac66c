"""Cases: what users did not agree to."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.cases import NOTE_MAX_LENGTH, CaseKind
from understudy.http.query import Query
from understudy.http.shapes import Answer, Input, Time
from understudy.wires.native.schemas.impersonations import ActorAnswer
from understudy.wires.native.schemas.queries import Cursor, Limit


class CasesQuery(Query, frozen=True, kw_only=True):
    """Which cases; those that are open, unless all are asked for.

    `frozen` asks for those whose actor works as nobody, be they closed or not.
    """

    all: bool = False
    frozen: bool = False
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class CloseCase(Input, frozen=True, kw_only=True):
    """What was found; `lift` lets the actor work again."""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=NOTE_MAX_LENGTH)]
    lift: bool = False


class CaseAnswer(Answer, frozen=True, kw_only=True):
    """What a user did not agree to, or codes that were guessed; the actor is frozen meanwhile.

    The user's name is null once they are deleted, or have none.
    """

    id: str
    application_id: str
    subject_id: str
    subject_name: str | None
    actor: ActorAnswer
    session_id: str | None
    kind: CaseKind
    note: str
    opened_at: Time
    closed_at: Time | None
    closed_by: str | None
    closing_note: str | None
    frozen: bool
