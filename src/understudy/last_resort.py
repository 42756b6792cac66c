"""Going on after a defect, where nobody is left to hear of it and much depends on what goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable


def _never() -> bool:
    return False


class LastResort:
    """A block that tells the log of whatever fails in it, as ``action``, and is left quietly.

    For threads and tasks that serve everybody: were they to end, revocations would no longer be
    heard, or sessions no longer expire, for the sake of one defect. What is foreseen is caught by
    its own class inside of the block; interrupts and exits pass. Nothing is told when ``unless``
    answers True: all is over by then, and faults are to be expected. With ``name_only``
    the class of the error is named and nothing else, where its words may be nobody's business.
    """

    __slots__ = ("_action", "_ids", "_logger", "_name_only", "_text", "_unless")

    def __init__(
        self,
        logger: logging.Logger,
        text: str,
        *,
        action: str,
        unless: Callable[[], bool] = _never,
        name_only: bool = False,
        **ids: str,
    ) -> None:
        self._logger = logger
        self._text = text
        self._action = action
        self._unless = unless
        self._name_only = name_only
        self._ids = ids

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        """True when something was wrong, and has been told."""
        if not isinstance(error, Exception):
            return False
        if not self._unless():
            self._tell(error)
        return True

    def _tell(self, error: Exception) -> None:
        extra = {"action": self._action, **self._ids}
        if self._name_only:
            self._logger.error("%s: %s", self._text, type(error).__name__, extra=extra)
        else:
            self._logger.error(self._text, exc_info=error, extra=extra)
