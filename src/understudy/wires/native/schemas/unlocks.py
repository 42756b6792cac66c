"""One blocked change that is asked for, decided about and let through once."""

from __future__ import annotations

from typing import Annotated

import msgspec

from understudy.core.governance.unlocks import UnlockStatus
from understudy.core.impersonation.grants import REASON_MAX_LENGTH
from understudy.http.shapes import Answer, Input, Time
from understudy.wires.native.schemas.impersonations import ActorAnswer, PersonAnswer

_Name = Annotated[str, msgspec.Meta(max_length=500)]
_Value = Annotated[str, msgspec.Meta(max_length=65_536)]
Pair = tuple[_Name, _Value]


class WriteInput(Input, frozen=True, kw_only=True):
    """A request that changes something, as the guard reads it: in an order of its own, and without
    what differs each time that the same form is sent.
    """

    method: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,20}(?!\n)$")]
    host: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    media_type: Annotated[str, msgspec.Meta(max_length=100)]
    query: Annotated[list[Pair], msgspec.Meta(max_length=200)]
    fields: Annotated[list[Pair], msgspec.Meta(max_length=500)]


class AskUnlock(Input, frozen=True, kw_only=True):
    """What is wanted, and why."""

    write: WriteInput
    reason: Annotated[str, msgspec.Meta(max_length=4 * REASON_MAX_LENGTH)]


class SpendUnlock(Input, frozen=True, kw_only=True):
    """What is about to be done."""

    write: WriteInput


class UnlockAnswer(Answer, frozen=True, kw_only=True):
    """How it stands; never what is in it."""

    id: str
    session_id: str
    status: UnlockStatus
    expires_at: Time


class Spent(Answer, frozen=True, kw_only=True):
    """Whether the change may be made now, this once. ``differs`` names fields that are others."""

    spent: bool
    differs: list[str]


class FieldAnswer(Answer, frozen=True, kw_only=True):
    """One field of a form, or one member of an object, its value as it was written."""

    name: str
    value: str


class WaitingUnlock(Answer, frozen=True, kw_only=True):
    """A change that waits for somebody to decide, with what it would change."""

    id: str
    application_id: str
    session_id: str
    actor: ActorAnswer
    subject: PersonAnswer
    reason: str
    method: str
    host: str
    path: str
    media_type: str
    query: list[FieldAnswer]
    fields: list[FieldAnswer]
    asked_at: Time
    expires_at: Time
