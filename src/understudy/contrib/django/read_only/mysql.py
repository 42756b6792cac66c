"""MariaDB and MySQL: the session is read-only, and is not handed on."""

from __future__ import annotations

from typing import Any

from understudy.sdk.held_reads import asks_to_write, table_in

_REFUSED = 1792


class MySQLKeeper:
    """By the session: a transaction alone lets TRUNCATE through, and with it whatever follows."""

    def __init__(self) -> None:
        self._is_held = False

    def can_hold(self, wrapper: Any) -> bool:  # noqa: ANN401
        """See ``Keeper.can_hold``: not what was begun by somebody who may write."""
        return self._is_held or bool(wrapper.get_autocommit())

    def hold(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.hold``."""
        if not self._is_held:
            with wrapper.wrap_database_errors, wrapper.connection.cursor() as cursor:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")
            self._is_held = True

    def let_go(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.let_go``."""
        if self._is_held:
            # Whatever else the site has set or locked goes with it.
            self._is_held = False
            wrapper.close()

    def before_transaction(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.before_transaction``: what has begun is held no more."""
        self.hold(wrapper)

    def escapes(self, statement: object) -> bool:
        """See ``Keeper.escapes``."""
        return asks_to_write(statement)

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Keeper.is_refusal``."""
        return error.args[:1] == (_REFUSED,)

    def table_of(self, wrapper: Any, statement: object) -> str | None:  # noqa: ANN401
        """See ``Keeper.table_of``."""
        return table_in(statement)
