"""The protection of users, and who is a honey user, beside what the log says of it.

Users come by the hundred thousand from files, of whose rows no entry tells one by one. So only who
was protected by their last entry and is not now is a finding; an import since then excuses it,
unless it says that it told of everybody who lost their protection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from understudy.core.notices.events import EventType
from understudy.core.people.principals import Status
from understudy.core.ports.comparison import Comparable, Table, Told
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row

_OF_HONEY = frozenset({EventType.HONEY_SET, EventType.HONEY_LIFTED})


def silent_imports(rows: Comparable) -> Mapping[str | None, int]:
    """The last import of each application that did not tell of everybody; None is of any."""
    found: dict[str | None, int] = {}
    for entry in rows.entries(frozenset({EventType.SUBJECTS_IMPORTED})):
        core: Mapping[str, Any] = entry.core or {}
        details = core.get("details") or {}
        if not 0 <= details.get("unprotected", 1) <= details.get("told", 0):
            found[core.get("application_id")] = entry.index
    return found


def compare_subject(told: Iterable[Told], silent: Mapping[str | None, int]) -> Iterator[Difference]:
    """How one subject differs from what the log says of it."""
    row: Told | None = None
    latest: Told | None = None
    honey: Told | None = None
    for one in told:
        if one.kind == Table.SUBJECT:
            row = one
        elif one.kind in _OF_HONEY:
            honey = one
        else:
            latest = one
    if row is None:
        return
    if honey is not None:
        yield from _honey(row, honey)
    if latest is not None and latest.index is not None:
        yield from _protection(row, latest, latest.index, silent)


def _honey(row: Told, latest: Told) -> Iterator[Difference]:
    """Whether the row is still what an admin made of it, unless it was deleted since."""
    wanted, found = latest.kind == EventType.HONEY_SET, row.facts["honey_since"] is not None
    if wanted != found and row.facts["status"] != Status.DELETED:
        yield of_row(
            DifferenceCode.ROW_DIFFERS, Table.SUBJECT, row.facts["id"],
            f"is not what entry {latest.index} ({latest.kind}) says", index=latest.index,
        )  # fmt: skip


def _protection(
    row: Told, latest: Told, index: int, silent: Mapping[str | None, int]
) -> Iterator[Difference]:
    details = latest.facts.get("details") or {}
    excused = max(silent.get(row.facts["application_id"], -1), silent.get(None, -1))
    gone = row.facts["protected"] or row.facts["status"] == Status.DELETED
    if details.get("protected") and not gone and excused < index:
        yield of_row(
            DifferenceCode.PROTECTION_UNLOGGED, Table.SUBJECT, row.facts["id"],
            f"is not protected any more; entry {index} says that they are, and none that "
            "it was taken away", index=index,
        )  # fmt: skip
