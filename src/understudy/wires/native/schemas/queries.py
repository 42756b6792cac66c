"""The query parameters that endpoints take; unknown and repeated ones are refused.

A parameter whose type is a list may be repeated. Everything else may appear once.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.impersonation.grants import GrantStatus
from understudy.core.notices.events import Outcome
from understudy.core.ports import SessionState
from understudy.http.query import Query
from understudy.http.shapes import (
    GivenGrantId,
    GivenOrganizationId,
    GivenSessionId,
    GivenSubjectId,
    Id,
    Time,
)
from understudy.wires.native.schemas.choices import PresetName

Limit = Annotated[int, msgspec.Meta(ge=1, le=200, description="Rows on a page.")]
Cursor = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=2000, description="The `next_cursor` of the page before this one."
    ),
]
OwnApplication = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=255,
        description="Operators must say which application they mean; an application means itself.",
    ),
]
SearchText = Annotated[
    str,
    msgspec.Meta(max_length=200, description="Words, each found anywhere in id, e-mail or name."),
]
Mapped = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=600)]],
    msgspec.Meta(
        max_length=7,
        examples=[["name=first name + last name", "roles=app_metadata.roles"]],
        description=(
            "`ours=theirs`: which of the file's columns, or ways into its records, one of ours is "
            "read from; nothing behind the `=` reads it from none. May be repeated."
        ),
    ),
]
EventTypeText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z_]+\.[a-z_]+(?!\n)$",
        max_length=64,
        examples=["session.started"],
        description="One of the reference's types of events, or one that only a newer node knows.",
    ),
]


class InApplication(Query, frozen=True, kw_only=True):
    """Which application's directory is meant."""

    application_id: OwnApplication | UnsetType = UNSET


class FileQuery(InApplication, frozen=True, kw_only=True):
    """How a file of users says what we ask for."""

    preset: PresetName | UnsetType = UNSET
    map: Mapped = msgspec.field(default_factory=list)
    mode: Annotated[
        Literal["merge", "sync"],
        msgspec.Meta(description="`sync` removes whoever is not in the file."),
    ] = "merge"


class ImportQuery(FileQuery, frozen=True, kw_only=True):
    """How a file is read, and whether rows without problems are saved although others have some."""

    partial: bool = False
    remove_at_most: (
        Annotated[
            int,
            msgspec.Meta(
                ge=0,
                le=100_000_000,
                description=(
                    "How many users a `sync` may remove, if they are more than one in ten."
                ),
            ),
        ]
        | UnsetType
    ) = UNSET


class OrganizationsQuery(InApplication, frozen=True, kw_only=True):
    """Which organizations to list."""

    query: SearchText = ""
    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class SubjectsQuery(OrganizationsQuery, frozen=True, kw_only=True):
    """Which subjects to list."""

    organization_id: GivenOrganizationId | UnsetType = UNSET


class SessionsQuery(InApplication, frozen=True, kw_only=True):
    """Which sessions to list; operators who name no application see all."""

    state: SessionState | UnsetType = UNSET
    grant_id: GivenGrantId | UnsetType = UNSET
    actor_id: Id | UnsetType = UNSET
    subject_id: GivenSubjectId | UnsetType = UNSET
    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class HistoryQuery(InApplication, frozen=True, kw_only=True):
    """Which part of a subject's history to list, newest first."""

    cursor: Cursor | UnsetType = UNSET
    limit: Annotated[int, msgspec.Meta(ge=1, le=100, description="Rows on a page.")] = 20


class GrantsQuery(InApplication, frozen=True, kw_only=True):
    """Which grants to list; operators who name no application see all."""

    status: list[GrantStatus] = msgspec.field(default_factory=list)
    actor_id: Id | UnsetType = UNSET
    subject_id: GivenSubjectId | UnsetType = UNSET
    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class ApprovalsQuery(InApplication, frozen=True, kw_only=True):
    """Which requests that wait to list."""

    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class ReviewsQuery(ApprovalsQuery, frozen=True, kw_only=True):
    """Which reviews to list; those that are open, unless all are asked for."""

    state: Literal["open", "all"] = "open"


class EntryConditions(InApplication, frozen=True, kw_only=True):
    """Which entries are meant; `since` is inclusive, `until` is not.

    `subject_id` and `organization_id` are the application's own ids and need an application.
    """

    type: list[EventTypeText] = msgspec.field(default_factory=list)
    actor_id: Id | UnsetType = UNSET
    subject_id: GivenSubjectId | UnsetType = UNSET
    organization_id: GivenOrganizationId | UnsetType = UNSET
    grant_id: GivenGrantId | UnsetType = UNSET
    session_id: GivenSessionId | UnsetType = UNSET
    outcome: Outcome | UnsetType = UNSET
    since: Time | UnsetType = UNSET
    until: Time | UnsetType = UNSET


class EntriesQuery(EntryConditions, frozen=True, kw_only=True):
    """Which entries to list, newest first."""

    cursor: Cursor | UnsetType = UNSET
    limit: Limit = 50


class ExportQuery(EntryConditions, frozen=True, kw_only=True):
    """Which entries to export, oldest first, and how they are written."""

    format: Literal["ndjson", "csv", "ocsf", "ecs", "cef"] = "ndjson"
