"""Files of users: what was read, and what came of it."""

from __future__ import annotations

from understudy.http.shapes import Answer
from understudy.wires.native.schemas.directory import RolesWithoutRank


class RowProblem(Answer, frozen=True, kw_only=True):
    """What is wrong with one row of a file. ``line`` counts from 1, the header included.

    ``row`` counts the users of a list, which may all stand on one line; ``column`` is the file's.
    """

    line: int
    row: int | None
    column: str | None
    code: str
    detail: str


class ImportReport(Answer, frozen=True, kw_only=True):
    """What an import did. Nothing is saved when there are problems, unless asked.

    ``unread`` are the columns that nothing was read from. ``unranked`` is about all users of the
    application, as they are now.
    """

    saved: int
    unchanged: int
    removed: int
    unread: list[str]
    problems: list[RowProblem]
    problem_count: int
    unranked: RolesWithoutRank


class PreviewRow(Answer, frozen=True, kw_only=True):
    """One user as the file says it; what it says nothing about is null, as what it takes away."""

    id: str
    email: str | None
    name: str | None
    organization_id: str | None
    organization_name: str | None
    roles: list[str] | None
    protected: bool | None
    tags: list[str] | None


class ImportPreview(Answer, frozen=True, kw_only=True):
    """What an import would read, of which nothing was saved.

    ``read`` says for each of our columns which of the file's ``columns`` it comes from. A sync
    would remove ``removed`` of ``user_count`` users, which has to be agreed to if they are
    ``many``; null where none was asked for.
    """

    columns: list[str]
    unread: list[str]
    read: dict[str, str]
    rows: list[PreviewRow]
    row_count: int
    removed: int | None
    user_count: int | None
    many: bool
    problems: list[RowProblem]
    problem_count: int
