"""Subjects and organizations, and importing them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.people.labels import MOST_TAGS, TAG_MAX_LENGTH
from understudy.core.people.principals import Status
from understudy.http.shapes import Answer, Email, GivenOrganizationId, Input, Name, Time

RoleName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")
]
"""A role as the application writes it, be it several in one text."""
TagName = Annotated[str, msgspec.Meta(min_length=1, max_length=TAG_MAX_LENGTH)]
"""A tag in any letters; it is kept, and compared, in small ones."""


class SaveSubject(Input, frozen=True, kw_only=True):
    """What is said of a subject: what is absent stays as it is, and null takes away.

    A new subject begins without any of it.
    """

    email: Email | UnsetType | None = UNSET
    name: Name | UnsetType | None = UNSET
    organization_id: GivenOrganizationId | UnsetType | None = UNSET
    roles: Annotated[list[RoleName], msgspec.Meta(max_length=50)] | UnsetType | None = UNSET
    protected: bool | UnsetType | None = UNSET
    tags: Annotated[list[TagName], msgspec.Meta(max_length=MOST_TAGS)] | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET


class SubjectAnswer(Answer, frozen=True, kw_only=True):
    """A user of the application."""

    application_id: str
    id: str
    email: str | None
    name: str | None
    organization: OrganizationBrief | None
    roles: list[str]
    rank: int
    protected: bool
    tags: list[str]
    status: Status
    created_at: Time
    updated_at: Time
    live_session_id: str | None


class OrganizationBrief(Answer, frozen=True, kw_only=True):
    """An organization by id and name."""

    id: str
    name: str


class SaveOrganization(Input, frozen=True, kw_only=True):
    """An organization as a whole."""

    name: Name
    disabled: bool | UnsetType = UNSET


class OrganizationDetail(Answer, frozen=True, kw_only=True):
    """A tenant of the application."""

    application_id: str
    id: str
    name: str
    status: Status
    created_at: Time
    updated_at: Time


class RoleWithoutRank(Answer, frozen=True, kw_only=True):
    """A role that has no rank in the application's settings, and how many users hold it."""

    role: str
    users: int


class RolesWithoutRank(Answer, frozen=True, kw_only=True):
    """The roles without a rank, those of the most users first, and how many users hold any."""

    users: int
    roles: list[RoleWithoutRank]
    role_count: int
