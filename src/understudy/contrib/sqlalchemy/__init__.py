"""SQLAlchemy: each transaction on PostgreSQL knows who caused it, for triggers to write down.

::

    engine = create_engine("postgresql+psycopg://…")
    record_attribution(engine)              # or an AsyncEngine

A trigger reads ``nullif(current_setting('understudy.actor', true), '')``, and the same for
``understudy.subject`` and ``understudy.session``. They are set for one transaction, so that a pool
gives none of them to the next customer. On connections in AUTOCOMMIT there is no transaction to
set them for, and triggers see nobody; on other databases nothing is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, event, text

from understudy.sdk.attribution import current_attribution
from understudy.sdk.database_settings import SET_CONFIG, settings_of

if TYPE_CHECKING:
    # It needs greenlet, which sync apps need not have.
    from sqlalchemy.ext.asyncio import AsyncEngine

_SET = text(SET_CONFIG.format(actor=":actor", subject=":subject", session=":session"))


def record_attribution(engine: Engine | AsyncEngine) -> None:
    """Tell every transaction of ``engine`` who causes it, at its begin."""
    if engine.dialect.name == "postgresql":
        # An async one has its events at the engine within.
        event.listen(getattr(engine, "sync_engine", engine), "begin", _tell)


def _tell(connection: Connection) -> None:
    attribution = current_attribution()
    if attribution is not None:
        connection.execute(_SET, settings_of(attribution))
