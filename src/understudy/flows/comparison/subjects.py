"""The protection of users beside what the log says of it.

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
    """How the protection of one subject differs from what the log says of it."""
    row: Told | None = None
    latest: Told | None = None
    for one in told:
        row = one if one.kind == Table.SUBJECT else row
        latest = latest if one.kind == Table.SUBJECT else one
    if row is None or latest is None or latest.index is None:
        return
    details = latest.facts.get("details") or {}
    excused = max(silent.get(row.facts["application_id"], -1), silent.get(None, -1))
    gone = row.facts["protected"] or row.facts["status"] == Status.DELETED
    if details.get("protected") and not gone and excused < latest.index:
        yield of_row(
            DifferenceCode.PROTECTION_UNLOGGED, Table.SUBJECT, row.facts["id"],
            f"is not protected any more; entry {latest.index} says that they are, and none that "
            "it was taken away", index=latest.index,
        )  # fmt: skip
