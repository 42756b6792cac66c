"""Every benchmark, in the order in which they run and in which docs/benchmarks.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from benchmarks import (
    actions,
    cycles,
    cycles_by_build,
    dashboard,
    embedded,
    empty_filter,
    first_byte,
    footprint,
    guard,
    guard_frameworks,
    guard_http,
    guard_node,
    guard_wsgi,
    policies,
    policy_cycle,
    premises,
    receipt,
    redaction,
    revocation,
    search,
)
from benchmarks.row import Row
from benchmarks.scale import Scale

Rows = Callable[[Scale], Iterator[Row]]

BENCHMARKS: Mapping[tuple[str, ...], Rows] = {
    guard.NAMES: guard.rows,
    guard_wsgi.NAMES: guard_wsgi.rows,
    guard_frameworks.NAMES: guard_frameworks.rows,
    guard_http.NAMES: guard_http.rows,
    guard_node.NAMES: guard_node.rows,
    cycles.NAMES: cycles.rows,
    cycles_by_build.SQLITE_NAMES: cycles_by_build.sqlite_rows,
    cycles_by_build.POSTGRESQL_NAMES: cycles_by_build.postgresql_rows,
    actions.NAMES: actions.rows,
    receipt.NAMES: receipt.rows,
    policies.NAMES: policies.rows,
    policy_cycle.NAMES: policy_cycle.rows,
    redaction.NAMES: redaction.rows,
    first_byte.NAMES: first_byte.rows,
    empty_filter.NAMES: empty_filter.rows,
    search.NAMES: search.rows,
    revocation.NAMES: revocation.rows,
    premises.NAMES: premises.rows,
    premises.CUT_NAMES: premises.cut_rows,
    premises.EMBEDDED_NAMES: premises.embedded_rows,
    dashboard.NAMES: dashboard.rows,
    footprint.NAMES: footprint.rows,
    embedded.NAMES: embedded.rows,
}
"""Names of rows, and what measures them together."""


def names() -> tuple[str, ...]:
    """The name of every row."""
    return tuple(name for group in BENCHMARKS for name in group)


def measured(wanted: Collection[str], scale: Scale) -> Iterator[Row]:
    """The rows named in ``wanted``, or all when nothing is named.

    Rows that are measured in one go with others are not measured without them, only left out.
    """
    for group, rows in BENCHMARKS.items():
        if not wanted or not set(group).isdisjoint(wanted):
            yield from (row for row in rows(scale) if not wanted or row.name in wanted)
