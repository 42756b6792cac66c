"""The SQL that a database is worked with: ours, and what lies in folders of somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from understudy.storage.database import migrations, statements
from understudy.storage.database.migrations import Migration
from understudy.storage.database.statements import Query


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Named queries, and the migrations that make the tables that they ask."""

    queries: Mapping[str, Query]
    migrations: Sequence[Migration]

    @classmethod
    @cache
    def of(cls, *more: Path) -> Self:
        """Ours, and those in the folders ``queries`` and ``migrations`` of ``more``.

        :raises ValueError: when two queries have one name, or migrations are numbered with gaps.
        """
        return cls(
            queries=statements.load(*(folder / "queries" for folder in more)),
            migrations=migrations.load(*(folder / "migrations" for folder in more)),
        )
