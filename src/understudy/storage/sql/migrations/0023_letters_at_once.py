"""PostgreSQL's index of letters takes new names in soon, and not thousands at once.

What it has not taken in yet each search walks through: by default up to four megabytes, so that in
the minutes behind an import one took 50 times as long. Imports take a quarter longer for it.
"""

from __future__ import annotations

from understudy.storage.database.connection import Dialect
from understudy.storage.database.migrations import Port

COMPATIBLE_FROM = 22

_KILOBYTES = 64


def expand(port: Port) -> None:
    """Say how much may wait."""
    if port.dialect is Dialect.POSTGRESQL:
        port.execute(f"ALTER INDEX subjects_by_letters SET (gin_pending_list_limit = {_KILOBYTES})")
