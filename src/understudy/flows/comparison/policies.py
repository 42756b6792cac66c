"""The policies of an application beside what the log says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row


def compare_policies(told: Iterable[Told]) -> Iterator[Difference]:
    """How the policies of one application differ from what the log says of them."""
    application: Told | None = None
    rows: dict[int, Told] = {}
    said: dict[int, Told] = {}
    last: dict[int, Told] = {}
    changed: Told | None = None
    for one in told:
        if one.kind == Table.APPLICATION:
            application = one
        elif one.kind == Table.POLICIES:
            rows[one.facts["version"]] = one
        else:
            version = _details(one).get("version", 0)
            said.setdefault(version, one)
            last[version] = one
            changed = one if one.kind == EventType.POLICIES_CHANGED else changed
    if application is not None:
        yield from _in_force(application, changed)
    for version in sorted(rows.keys() | said.keys()):
        yield from _one(version, rows.get(version), said.get(version), last.get(version))


def _in_force(application: Told, changed: Told | None) -> Iterator[Difference]:
    holds = application.facts["version"]
    entry = None if changed is None else _details(changed).get("version")
    if holds != entry:
        yield of_row(
            DifferenceCode.ROW_DIFFERS, Table.APPLICATION, application.key,
            f"holds to version {holds or 'none'} of its policies; the log says {entry or 'none'}",
            index=changed.index if changed else None,
        )  # fmt: skip


def _one(
    version: int, row: Told | None, entry: Told | None, last: Told | None
) -> Iterator[Difference]:
    if row is None and entry is not None:
        yield of_row(
            DifferenceCode.ROW_MISSING, Table.POLICIES, f"{entry.key} version {version}",
            f"are not there; entry {entry.index} tells of them", index=entry.index,
        )  # fmt: skip
    if row is None:
        return
    where = f"{row.key} version {version}"
    if entry is None:
        message = "were written without an entry"
        yield of_row(DifferenceCode.ROW_UNLOGGED, Table.POLICIES, where, message)
    elif sha256(row.facts["text"].encode()).hexdigest() != _details(entry).get("digest"):
        message = f"have another text than entry {entry.index} says"
        yield of_row(DifferenceCode.ROW_DIFFERS, Table.POLICIES, where, message, index=entry.index)
    elif last is not None and row.facts["state"] != last.kind:
        message = (
            f"are as after {row.facts['state']}; the last of entry {last.index} is {last.kind}"
        )
        yield of_row(DifferenceCode.ROW_DIFFERS, Table.POLICIES, where, message, index=last.index)


def _details(one: Told) -> Mapping[str, Any]:
    return one.facts.get("details") or {}
