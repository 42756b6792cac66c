"""What one kind of database needs in order to be held to reading."""

from __future__ import annotations

from typing import Any, Protocol


class Keeper(Protocol):
    """Holds one of Django's connections to reading, and lets it go.

    ``wrapper`` is Django's, whose driver's connection is open. Each verb may come at any time, and
    as often as anybody likes.
    """

    def can_hold(self, wrapper: Any) -> bool:  # noqa: ANN401  (Django has no types)
        """Whether what is under way on it can still be held."""

    def hold(self, wrapper: Any) -> None:  # noqa: ANN401
        """From here on nothing is written."""

    def let_go(self, wrapper: Any) -> None:  # noqa: ANN401
        """Whoever comes next on it finds it as if nothing had been."""

    def before_transaction(self, wrapper: Any) -> None:  # noqa: ANN401
        """The site is about to begin one of its own."""

    def escapes(self, statement: object) -> bool:
        """Whether ``statement`` would undo what holds the connection, or go past it."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether the driver's ``error`` says that something was not written for this reason."""

    def table_of(self, wrapper: Any, statement: object) -> str | None:  # noqa: ANN401
        """What was not written, where that is known."""
