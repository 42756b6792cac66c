"""A case: something that a user did not agree to, open until an admin has looked into it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from understudy.core.ids import SessionId, SubjectId, SubjectRef
from understudy.core.people.principals import Actor

NOTE_MAX_LENGTH = 1_000


class CaseKind(StrEnum):
    """Why a case was opened."""

    NOT_AGREED = "not_agreed"
    CODES_GUESSED = "codes_guessed"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was said of ``actor``, who starts nothing until ``lifted_at``.

    ``closed_by`` is the operator who looked into it. It may be closed, and the actor stay frozen.
    """

    id: str
    application_id: str
    subject_id: SubjectId
    subject_ref: SubjectRef
    actor: Actor
    session_id: SessionId | None
    kind: CaseKind
    note: str
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    closing_note: str | None = None
    lifted_at: datetime | None = None
