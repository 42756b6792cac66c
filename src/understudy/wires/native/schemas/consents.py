"""What users agree to."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.governance.consents import (
    ALIAS_MAX_LENGTH,
    MOST_ORGANIZATIONS,
    MOST_STANDING_DAYS,
    ConsentKind,
    ConsentMode,
)
from understudy.core.impersonation.restrictions import Scope
from understudy.http.shapes import Answer, Id, Input, Time
from understudy.wires.native.schemas.impersonations import ActorAnswer

Days = Annotated[int, msgspec.Meta(ge=1, le=MOST_STANDING_DAYS)]


class ConsentTermsChange(Input, frozen=True, kw_only=True):
    """Only what is given changes. `organizations` ask for more than the application, by their ids.

    `shown_as` is what users read in place of the name of whoever works in their account.
    """

    mode: ConsentMode | UnsetType = UNSET
    standing_days: Days | UnsetType = UNSET
    organizations: (
        Annotated[dict[Id, ConsentMode], msgspec.Meta(max_length=MOST_ORGANIZATIONS)] | UnsetType
    ) = UNSET
    shown_as: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=ALIAS_MAX_LENGTH)] | UnsetType | None
    ) = UNSET


class ConsentTermsAnswer(Answer, frozen=True, kw_only=True):
    """What users have to agree to; nothing where `mode` is `off`."""

    mode: ConsentMode
    standing_days: int
    organizations: dict[str, str]
    shown_as: str | None


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
    """What somebody asks the user."""

    id: str
    actor: ActorAnswer
    reason: str
    ticket: str | None
    scope: Scope
    minutes: int
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
