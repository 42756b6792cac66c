"""SQLite: statements that write are refused while they are prepared, and again while they run."""

from __future__ import annotations

from typing import Any

from understudy.sdk.held_reads import table_in
from understudy.sdk.sqlite_reading import Authorizer, is_refusal


class SQLiteKeeper:
    """By an authorizer, which knows the table, and ``query_only``, which knows what was prepared.

    Begins no transaction that takes the file's lock at once: it is for those who write.
    """

    def __init__(self) -> None:
        self._is_held = False
        self._mode: str | None = None
        self._authorizer = Authorizer()

    def can_hold(self, wrapper: Any) -> bool:  # noqa: ANN401
        """See ``Keeper.can_hold``; at any time."""
        return True

    def hold(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.hold``."""
        if self._is_held:
            return
        # The pragma first: from then on none is allowed.
        wrapper.connection.execute("PRAGMA query_only = ON")
        wrapper.connection.set_authorizer(self._authorizer)
        self._mode, self._is_held = wrapper.transaction_mode, True
        if self._mode is not None:
            wrapper.transaction_mode = "DEFERRED"

    def let_go(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.let_go``."""
        if self._is_held:
            wrapper.connection.set_authorizer(None)
            wrapper.connection.execute("PRAGMA query_only = OFF")
            wrapper.transaction_mode, self._is_held = self._mode, False

    def before_transaction(self, wrapper: Any) -> None:  # noqa: ANN401
        """See ``Keeper.before_transaction``."""

    def escapes(self, statement: object) -> bool:
        """See ``Keeper.escapes``; the authorizer knows them all."""
        return False

    def is_refusal(self, error: BaseException) -> bool:
        """See ``Keeper.is_refusal``."""
        return is_refusal(error)

    def table_of(self, wrapper: Any, statement: object) -> str | None:  # noqa: ANN401
        """See ``Keeper.table_of``."""
        found, self._authorizer.refused = self._authorizer.refused, None
        return found or table_in(statement)
