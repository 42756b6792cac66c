"""What the schema of a database is, who may work with it, and what is being done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from understudy import errors


@dataclass(frozen=True, kw_only=True)
class Step:
    """A migration that the database has. ``rows_done`` counts what its back-fill has done."""

    number: int
    name: str
    compatible_from: int
    rows_done: int = 0
    finished: bool = True

    def __str__(self) -> str:
        return f"{self.number:04} {self.name}"


@dataclass(frozen=True, kw_only=True)
class SchemaState:
    """The steps that a database has, beside the migrations that this code knows, by number."""

    steps: Sequence[Step]
    known: Mapping[int, str]

    @property
    def number(self) -> int:
        """The last step, 0 in an empty database."""
        return max((step.number for step in self.steps), default=0)

    @property
    def compatible_from(self) -> int:
        """The oldest schema whose code may work with this database."""
        oldest = self.number
        while oldest > 1 and self._admits(oldest - 1):
            oldest -= 1
        return oldest

    @property
    def unfinished(self) -> Sequence[Step]:
        """Steps whose long half is still to be done, by this code or by newer."""
        return [step for step in self.steps if not step.finished]

    @property
    def due(self) -> Sequence[int]:
        """What this code has to run or to finish."""
        done = {step.number for step in self.steps if step.finished}
        return [number for number in sorted(self.known) if number not in done]

    def require_ours(self) -> None:
        """Refuse a database that we might damage.

        :raises errors.SchemaMismatch: when it has a migration that does not admit this code.
        """
        ours = max(self.known, default=0)
        for step in self.steps:
            name = self.known.get(step.number)
            if name != step.name and (name is not None or step.compatible_from > ours):
                raise errors.SchemaMismatch(
                    internal=f"the database has migration {step.number}, {step.name}"
                )

    def _admits(self, schema: int) -> bool:
        return all(step.compatible_from <= schema for step in self.steps if step.number > schema)


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What is being done for which migration, or that another node is at work."""

    migration: str
    what: str
    rows: int = 0


Tell = Callable[[Doing], None]
"""Hears of each part as it begins, and of each slice as it ends."""
