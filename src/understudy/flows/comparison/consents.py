"""What users agreed to beside what the log says of it: nobody gives it by writing a row.

Such entries outlast retention, so that a row without one is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from understudy.core.notices.events import EventType
from understudy.core.ports.comparison import Table, Told
from understudy.flows.comparison.differences import Difference, DifferenceCode, of_row

_SAID = {"scope": "scope", "minutes": "minutes", "ends_at": "until_ms", "actor_ref": "actor_ref"}
"""The columns that say how far it reaches, each with the detail that says the same."""


def compare_consents(told: Iterable[Told]) -> Iterator[Difference]:
    """How what one user agreed to differs from what the log says of it."""
    rows: list[Told] = []
    given: dict[str, Told] = {}
    withdrawn: dict[str, Told] = {}
    for one in told:
        if one.kind == Table.CONSENT:
            rows.append(one)
        else:
            entries = given if one.kind == EventType.CONSENT_GIVEN else withdrawn
            entries[str(_details(one).get("consent_id"))] = one
    for row in rows:
        consent_id = row.facts["id"]
        yield from _differences(row, given.get(consent_id), withdrawn.get(consent_id))


def _differences(row: Told, given: Told | None, over: Told | None) -> Iterator[Difference]:
    if given is None:
        yield _of(DifferenceCode.ROW_UNLOGGED, row, "no entry tells of it", None)
        return
    said = _details(given)
    wider = [name for name, detail in _SAID.items() if row.facts[name] != said.get(detail)]
    if wider:
        message = f"has another {', '.join(wider)} than entry {given.index} says"
        yield _of(DifferenceCode.ROW_WIDENED, row, message, given)
    if over is not None and row.facts["withdrawn_at"] is None:
        message = f"stands; entry {over.index} ({over.kind}) says that it was taken back"
        yield _of(DifferenceCode.ROW_REVIVED, row, message, over)


def _of(code: DifferenceCode, row: Told, message: str, entry: Told | None) -> Difference:
    index = None if entry is None else entry.index
    return of_row(code, Table.CONSENT, row.facts["id"], message, index=index)


def _details(entry: Told) -> dict[str, object]:
    return dict(entry.facts.get("details") or {})
