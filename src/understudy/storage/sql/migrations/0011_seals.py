"""Rows that give power carry a code that nobody can make who lacks the installation key.

Older nodes are shut out: what they write has no code, and would be as if it were not there.
"""

from __future__ import annotations

from understudy.storage.database.migrations import Port
from understudy.storage.seals import SEALED, SealedTable

COMPATIBLE_FROM = 11
AT_ONCE = 500

_BEFORE = tuple(table for table in SEALED.values() if not table.made_with_codes)
"""The tables that were there before the codes."""

_CALLED = {
    "token_hash": "token_mac",
    "secret_hash": "secret_mac",
    "previous_secret_hash": "previous_secret_mac",
    "actor_as_given": "actor_claims",
}
"""Columns that queries give another name."""


def expand(port: Port) -> None:
    """Make room for the codes."""
    port.require_our_key()
    for table in _BEFORE:
        port.execute(f"ALTER TABLE {table.name} ADD COLUMN seal {{blob}}")


def fill(port: Port) -> int:
    """Seal a slice of what has no code yet."""
    for table in _BEFORE:
        sealed = _seal_some(port, table)
        if sealed:
            return sealed
    return 0


def _seal_some(port: Port, table: SealedTable) -> int:
    # Each row is found again by what is unique in it.
    unique = _unique(table)
    columns = ", ".join(_CALLED.get(name, name) for name in table.columns)
    rows = port.execute(
        f"SELECT {columns} FROM {table.name} WHERE seal IS NULL LIMIT :limit",  # noqa: S608 - ours
        {"limit": AT_ONCE},
    )
    where = " AND ".join(f"{_CALLED.get(name, name)} = :{name}" for name in unique)
    for values in rows:
        row = dict(zip(table.columns, values, strict=True))
        key = {name: row[name] for name in unique}
        port.execute(
            f"UPDATE {table.name} SET seal = :seal WHERE {where}",  # noqa: S608 - ours
            {**key, "seal": port.vault.seals.of(table, row)},
        )
    return len(rows)


def _unique(table: SealedTable) -> tuple[str, ...]:
    by_hash = table.name in ("invitations", "impersonation_tokens")
    return ("token_hash",) if by_hash else table.key
