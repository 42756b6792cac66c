"""Rows that somebody else wrote: those that were met, told of once, and all that there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from understudy.core.ports import Unit
from understudy.storage.database.connection import Database
from understudy.storage.seals import SEALED, Seals, WrongSeal

Tell = Callable[[Unit, Mapping[str, Sequence[str]]], None]


class ForgedRows:
    """What ``seals`` have refused in this process, and what they would refuse in ``database``."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    def tell(self, run: Callable[[Callable[[Unit], None]], None], tell: Tell) -> None:
        """Have ``tell`` write down what was met since, in a flow that is given to ``run``."""
        untold = self._seals.untold()
        if not untold:
            return
        run(lambda unit: tell(unit, _by_table(untold)))
        # Behind the commit: what could not be written is told the next time.
        self._seals.told(untold)

    def all(self) -> Mapping[str, Sequence[str]]:
        """Every wrong row that there is, by table; reads all of them."""
        wrong = []
        with self._database.reading() as connection:
            for table in SEALED.values():
                for row in connection.stream(f"sealed_{table.name}"):
                    if not self._seals.fits(table, row):
                        wrong.append(WrongSeal(table=table.name, key=table.key_of(row)))
        return _by_table(wrong)


def _by_table(wrong: Sequence[WrongSeal]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in wrong:
        found.setdefault(one.table, []).append(one.key)
    return found
