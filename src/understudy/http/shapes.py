"""Shared shapes: strict structs, bounded texts, pages and problems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec

from understudy.core.ids import GrantId, OrganizationId, SessionId, SubjectId
from understudy.core.people.labels import GROUP_MAX_LENGTH, GROUP_PATTERN, MOST_GROUPS

T = TypeVar("T")


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request body: unknown fields are refused."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A response body."""


_ID = msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")
Id = Annotated[str, _ID]
"""An identifier of the application's choosing: no control characters."""
GivenSubjectId = Annotated[SubjectId, _ID]
GivenOrganizationId = Annotated[OrganizationId, _ID]
GivenGrantId = Annotated[GrantId, _ID]
GivenSessionId = Annotated[SessionId, _ID]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Email = Annotated[
    str, msgspec.Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+(?!\n)$")
]
GroupName = Annotated[str, msgspec.Meta(max_length=GROUP_MAX_LENGTH, pattern=GROUP_PATTERN)]
"""What a group of operators or actors is called."""
Groups = Annotated[list[GroupName], msgspec.Meta(max_length=MOST_GROUPS)]
Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
"""Any password somebody may type when signing in."""
NewPassword = Annotated[str, msgspec.Meta(min_length=12, max_length=1024)]
"""A password somebody chooses: at least 12 characters (ASVS 6.2.1 asks for 8, 15 is advised)."""
Time = Annotated[datetime, msgspec.Meta(tz=True)]


class Listed(Answer, Generic[T], frozen=True, kw_only=True):
    """One page of a list; ``next_cursor`` is opaque, and null on the last page."""

    items: list[T]
    next_cursor: str | None


class Problem(Answer, frozen=True, kw_only=True):
    """An error (RFC 9457). ``code`` is stable; ``rule`` names the rule of a refusal.

    Where a recent sign-in is needed: ``sign_in`` is where the app signs in, and ``password`` says
    whether confirming the password does as well.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    rule: str | None = None
    field: str | None = None
    retry_after_seconds: int | None = None
    sign_in: str | None = None
    password: bool | None = None
