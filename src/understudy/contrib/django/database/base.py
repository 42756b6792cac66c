"""PostgreSQL for Django, where triggers can read who caused a transaction.

``DATABASES["default"]["ENGINE"] = "understudy.contrib.django.database"``

A trigger reads ``nullif(current_setting('understudy.actor', true), '')``, and the same for
``understudy.subject`` and ``understudy.session``. They are set for one transaction: what is written
in autocommit, outside of ``atomic()``, has none, so that ``ATOMIC_REQUESTS`` is worth setting.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.postgresql import base

from understudy.sdk.attribution import Attribution, current_attribution
from understudy.sdk.database_settings import SET_CONFIG, settings_of

_SET = SET_CONFIG.format(actor="%(actor)s", subject="%(subject)s", session="%(session)s")
# As libpq numbers the states of a connection, and with it every driver.
_IDLE, _IN_ERROR = 0, 3


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # Django has no types
    """Django's own connection, which says who causes a transaction."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._told: Attribution | None = None
        self.execute_wrappers.append(self._tell_before)

    def _set_autocommit(self, autocommit: bool) -> None:
        # The one place that every outermost atomic() passes; Django has no public one, and what
        # wraps statements does not see a COPY.
        super()._set_autocommit(autocommit)
        if not autocommit:
            self._tell()

    def _tell_before(
        self,
        execute: Callable[..., object],
        sql: object,
        params: object,
        many: bool,
        context: object,
    ) -> object:
        # Where the app itself ends transactions, each begins with whatever statement comes first,
        # and one that was left open goes on for whoever comes next.
        if not self.autocommit:
            self._tell()
        return execute(sql, params, many, context)

    def _tell(self) -> None:
        """Set who is known here, unless this transaction has been told so."""
        status = self.connection.info.transaction_status
        attribution = current_attribution()
        known = None if status == _IDLE else self._told
        if attribution == known or status == _IN_ERROR:
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_SET, settings_of(attribution))
        self._told = attribution
