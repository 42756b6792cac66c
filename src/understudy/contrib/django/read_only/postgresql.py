"""PostgreSQL: every transaction is read-only from its first statement on."""

from __future__ import annotations

from typing import Any

from understudy.sdk.held_reads import ends_transaction, table_in

# As libpq numbers the states of a connection, and with it every driver.
_IDLE, _IN_ERROR = 0, 3
# The first says so. The second is what it says to whoever asks for writing, or for what no block
# may hold, as VACUUM.
_REFUSED = frozenset({"25006", "25001"})
# A query of its own, and so the last moment at which somebody could have said READ WRITE.
_HOLD = "SELECT set_config('transaction_read_only', 'on', true)"
_SAVEPOINT = "understudy_reads"


class PostgreSQLKeeper:
    """By transactions, never by the settings of a session, which a pool would hand on.

    In autocommit it has one of its own around what the site asks, which an error begins anew: no
    statement is the worse for the one before, as ever in autocommit.
    """

    def __init__(self) -> None:
        self._has_own = False
        self._is_told = False
        self._has_savepoint = False
        self._has_begun = False

    def can_hold(self, wrapper: Any) -> bool:  # noqa: ANN401
        """See ``Keeper.can_hold``; at any time."""
        return True

    def hold(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.hold``."""
        status = _status(wrapper)
        if wrapper.get_autocommit():
            self._hold_by_own(wrapper, status)
        elif status == _IDLE and (self._has_begun or not wrapper.in_atomic_block):
            # Of what the site has begun this is the first statement.
            _run(wrapper, _HOLD)
            self._is_told = True
        elif not self._is_told and status != _IN_ERROR:
            # Begun by somebody who may write, who goes on behind us, as tests of a site do.
            _run(wrapper, f"SAVEPOINT {_SAVEPOINT}")
            _run(wrapper, _HOLD)
            self._is_told = self._has_savepoint = True

    def let_go(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.let_go``."""
        if _status(wrapper) != _IDLE:
            if self._has_own:
                _run(wrapper, "ROLLBACK")
            elif self._has_savepoint:
                _run(wrapper, f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")
                _run(wrapper, f"RELEASE SAVEPOINT {_SAVEPOINT}")
        self._has_own = self._is_told = self._has_savepoint = self._has_begun = False
        if not wrapper.in_atomic_block:
            # Settings that the site has committed and locks of its session outlive a transaction,
            # and a pool hands on what is not closed.
            wrapper.connection.close()
            wrapper.close()

    def before_transaction(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.before_transaction``."""
        if self._has_own and _status(wrapper) != _IDLE:
            # Cursors that are to outlive a transaction do so only if it is committed.
            _run(wrapper, "COMMIT")
        self._has_own, self._has_begun = False, True

    def escapes(self, statement: object) -> bool:
        """See ``Keeper.escapes``."""
        return ends_transaction(statement)

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Keeper.is_refusal``."""
        return getattr(error, "sqlstate", getattr(error, "pgcode", None)) in _REFUSED

    def table_of(self, wrapper: Any, statement: object) -> str | None:  # noqa: ANN401
        """See ``Keeper.table_of``."""
        return table_in(statement)

    def _hold_by_own(self, wrapper: Any, status: int) -> None:  # noqa: ANN401
        if status == _IN_ERROR:
            _run(wrapper, "ROLLBACK")
        elif status != _IDLE and self._has_own:
            return
        elif status != _IDLE:
            _run(wrapper, _HOLD)  # begun by the site's own SQL
            self._has_own = True
            return
        _run(wrapper, "BEGIN READ ONLY")
        _run(wrapper, _HOLD)
        self._has_own = True


def _status(wrapper: Any) -> int:  # noqa: ANN401
    return int(wrapper.connection.info.transaction_status)


def _run(wrapper: Any, statement: str) -> None:  # noqa: ANN401
    with wrapper.wrap_database_errors, wrapper.connection.cursor() as cursor:
        cursor.execute(statement)
