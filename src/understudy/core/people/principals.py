"""Who takes part: organizations, subjects, operators, and the actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from understudy.core.ids import (
    ActorRef,
    OperatorId,
    OrganizationId,
    OrganizationRef,
    SubjectId,
    SubjectRef,
)
from understudy.core.notices.events import Party, PartyKind
from understudy.core.people.labels import NULL_WHEN_EMPTY
from understudy.core.people.permissions import Permission, Role, permissions_of

OPERATOR_RANK = 100
"""The rank of operators and of actors named by an application, unless set otherwise."""


class Status(StrEnum):
    """Whether somebody or something may take part. Deleted ones stay as tombstones for the log."""

    ACTIVE = "active"
    DISABLED = "disabled"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Organization:
    """A subject's tenant. ``id`` is the application's, ``ref`` our own random one.

    ``slug`` and ``external_id`` are further names for it, unique within the application while it
    exists. ``extra`` is what wires keep for their clients; no rule looks at it.
    """

    application_id: str
    id: OrganizationId
    ref: OrganizationRef
    name: str
    status: Status
    created_at: datetime
    updated_at: datetime
    slug: str | None = None
    external_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def party(self) -> Party:
        """This organization as it is named in an entry."""
        return Party(kind=PartyKind.ORGANIZATION, ref=self.ref, id=self.id, name=self.name)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A user of an application. ``id`` is the application's, ``ref`` our own random one.

    ``external_id`` is a further name, unique within the application while the subject exists.
    ``roles`` are as the application gave them; what they say is read in ``core.rules.ranking``.
    ``extra`` is what wires keep for their clients; no rule looks at it, and it goes when the
    subject is deleted. ``tags`` are the application's as well, folded (`core.people.labels`), and
    for policies alone. ``honey_since`` is when an admin made it a honey user: nobody has a reason
    to become it. None for all others; only admins may see it.
    """

    application_id: str
    id: SubjectId
    ref: SubjectRef
    email: str | None
    name: str | None
    organization_id: OrganizationId | None
    roles: tuple[str, ...]
    protected: bool
    status: Status
    created_at: datetime
    updated_at: datetime
    external_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    honey_since: datetime | None = None
    tags: tuple[str, ...] = field(default=(), metadata=NULL_WHEN_EMPTY)

    @property
    def party(self) -> Party:
        """This subject as it is named in an entry."""
        return Party(
            kind=PartyKind.SUBJECT, ref=self.ref, id=self.id, email=self.email, name=self.name
        )


class OperatorStatus(StrEnum):
    """Where an operator's account stands."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class Operator:
    """A person who may sign in to the dashboard. ``email`` is stored case-folded.

    ``staff_id`` is how the app that embeds this installation calls somebody whom its own login
    signs in; None for those who have an account of this installation's. ``frozen_at`` is set while
    a case keeps them from working as anybody. ``groups`` are of whoever belongs together by an
    admin's word, or by the app's: policies look at them, and approvals may be left to them.
    ``taken_over_at`` is set from when somebody got in by a fresh link until it is confirmed that it
    was the owner; ``taken_over_by`` is who made the link, as ``Invitation`` has it.
    """

    id: OperatorId
    email: str
    name: str
    roles: frozenset[Role]
    rank: int = OPERATOR_RANK
    status: OperatorStatus
    password_hash: str | None = field(default=None, repr=False)
    created_at: datetime
    updated_at: datetime
    staff_id: str | None = None
    frozen_at: datetime | None = None
    groups: tuple[str, ...] = field(default=(), metadata=NULL_WHEN_EMPTY)
    taken_over_at: datetime | None = None
    taken_over_by: str | None = None

    @property
    def had_an_owner(self) -> bool:
        """True once somebody could sign in: whoever gets in by a fresh link may be another."""
        ways_in = (self.password_hash, self.staff_id, self.taken_over_at)
        return any(one is not None for one in ways_in)

    @property
    def active(self) -> bool:
        """True while the account may be used."""
        return self.status is OperatorStatus.ACTIVE

    def may(self, permission: Permission) -> bool:
        """True when one of the operator's roles includes ``permission``, and they are active."""
        return self.active and permission in permissions_of(self.roles)

    @property
    def actor_ref(self) -> ActorRef:
        """How grants and sessions refer to this operator where they are the actor."""
        return ActorRef(self.id)

    @property
    def party(self) -> Party:
        """This operator as named in an entry."""
        return Party(
            kind=PartyKind.OPERATOR, ref=self.id, id=self.id, email=self.email, name=self.name
        )


@dataclass(frozen=True, kw_only=True)
class OperatorSession:
    """An operator's sign-in at the dashboard; the cookie's value is kept as a hash only.

    ``confirmed_at`` is when its owner said their password of the embedding app in it, if ever.
    """

    id: str
    operator_id: OperatorId
    token_hash: bytes = field(repr=False)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None = None
    user_agent: str | None = None
    confirmed_at: datetime | None = None


INVITATION_LIFE = timedelta(hours=72)
OPERATOR_SESSION_LIFE = timedelta(hours=12)
OPERATOR_SESSION_IDLE = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A one-time link that lets one operator set name and password; kept as a hash only.

    ``made_by`` is our reference for who made it, or their kind where they have none; None where
    that was not written down yet.
    """

    token_hash: bytes = field(repr=False)
    operator_id: OperatorId
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    made_by: str | None = None


class ActorKind(StrEnum):
    """Who vouches for the actor (DESIGN rule 2)."""

    OPERATOR = "operator"
    NAMED_BY_APPLICATION = "named_by_application"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person who works as a subject. ``ref`` is the operator's id, or a keyed pseudonym.

    ``groups`` are what an application says of an actor whom it names, as it said it when they
    asked; an operator's are looked up anew each time.
    """

    kind: ActorKind
    ref: ActorRef
    id: str
    email: str | None = None
    name: str | None = None
    rank: int = OPERATOR_RANK
    groups: tuple[str, ...] = field(default=(), metadata=NULL_WHEN_EMPTY)

    @classmethod
    def from_operator(cls, operator: Operator) -> Actor:
        """The actor that an authenticated operator is."""
        return cls(
            kind=ActorKind.OPERATOR,
            ref=operator.actor_ref,
            id=operator.id,
            email=operator.email,
            name=operator.name,
            rank=operator.rank,
        )

    @property
    def party(self) -> Party:
        """This actor as named in an entry."""
        return Party(
            kind=PartyKind(self.kind), ref=self.ref, id=self.id, email=self.email, name=self.name
        )
