"""What users agree to."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.cases import NOTE_MAX_LENGTH
from understudy.core.governance.consent_requests import RequestState
from understudy.core.governance.consents import (
    ALIAS_MAX_LENGTH,
    MOST_ORGANIZATIONS,
    MOST_STANDING_DAYS,
    ConsentKind,
    ConsentMode,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.http.shapes import (
    Answer,
    GivenOrganizationId,
    GivenSubjectId,
    Id,
    Input,
    Time,
)
from understudy.wires.native.schemas.impersonations import NamedActor, Reason

Days = Annotated[int, msgspec.Meta(ge=1, le=MOST_STANDING_DAYS)]


class ConsentTermsChange(Input, frozen=True, kw_only=True):
    """Only what is given changes. `organizations` ask for more than the application, by their ids.

    `shown_as` is what users read in place of the name of whoever works in their account. With
    `tell` each start comes with an event `subject.told`, by which a webhook can write to the user.
    """

    mode: ConsentMode | UnsetType = UNSET
    standing_days: Days | UnsetType = UNSET
    organizations: (
        Annotated[dict[Id, ConsentMode], msgspec.Meta(max_length=MOST_ORGANIZATIONS)] | UnsetType
    ) = UNSET
    shown_as: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=ALIAS_MAX_LENGTH)] | UnsetType | None
    ) = UNSET
    tell: bool | UnsetType = UNSET


class ConsentTermsAnswer(Answer, frozen=True, kw_only=True):
    """What users have to agree to; nothing where `mode` is `off`."""

    mode: ConsentMode
    standing_days: int
    organizations: dict[str, ConsentMode]
    shown_as: str | None
    tell: bool


class GiveConsent(Input, frozen=True, kw_only=True):
    """For how many days; as many as the application allows unless said."""

    days: Days | UnsetType = UNSET
    scope: Scope = Scope.FULL


class ConsentAnswer(Answer, frozen=True, kw_only=True):
    """Something that the user agreed to: for a time (`standing`), or to one request (`once`)."""

    id: str
    kind: ConsentKind
    scope: Scope
    minutes: int | None
    given_at: Time
    expires_at: Time


class ConsentRequestAnswer(Answer, frozen=True, kw_only=True):
    """What somebody asks the user.

    `asked_by` is their name, or what the application shows in its place. `digits` are what they can
    read to the user, as a sign that it is they who ask.
    """

    id: str
    asked_by: str
    reason: str
    ticket: str | None
    scope: Scope
    minutes: int
    digits: str
    created_at: Time
    expires_at: Time


class ConsentStateAnswer(Answer, frozen=True, kw_only=True):
    """What the user is asked for, what they agreed to, and which requests wait for them."""

    mode: ConsentMode
    standing_days: int
    consents: list[ConsentAnswer]
    requests: list[ConsentRequestAnswer]


class ConsentsWithdrawn(Answer, frozen=True, kw_only=True):
    """How much was taken back, and how many sessions ended with it."""

    consents: int
    ended_sessions: int


class CodeAnswer(Answer, frozen=True, kw_only=True):
    """What the user reads out to whoever asked, shown this once."""

    code: str
    expires_at: Time


class RequestAnswered(Answer, frozen=True, kw_only=True):
    """What became of a request."""

    id: str
    state: RequestState


class AccessEnded(Answer, frozen=True, kw_only=True):
    """A session in the user's account, over by now."""

    session_id: str
    ended_at: Time | None


class SayNotAgreed(Input, frozen=True, kw_only=True):
    """What the user has to say about it."""

    note: Annotated[str, msgspec.Meta(max_length=NOTE_MAX_LENGTH)] = ""


class NotAgreedAnswer(Answer, frozen=True, kw_only=True):
    """The case that was opened."""

    case_id: str
    opened_at: Time


class AskUser(Input, frozen=True, kw_only=True):
    """What is put to the user; as for a start."""

    subject_id: GivenSubjectId
    reason: Reason
    application_id: Id | UnsetType = UNSET
    actor: NamedActor | UnsetType = UNSET
    organization_id: GivenOrganizationId | UnsetType | None = UNSET
    ticket: Annotated[str, msgspec.Meta(max_length=1000)] | UnsetType | None = UNSET
    minutes: int | UnsetType | None = UNSET
    scope: Scope | UnsetType | None = UNSET


class AskedAnswer(Answer, frozen=True, kw_only=True):
    """What was put to a user, and what became of it.

    `digits` are for whoever asked to read to the user, who sees the same beside *Allow*.
    """

    id: str
    state: RequestState
    scope: Scope
    minutes: int
    digits: str
    created_at: Time
    expires_at: Time


class RedeemCode(Input, frozen=True, kw_only=True):
    """The code that the user has read out."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
