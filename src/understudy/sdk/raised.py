"""What the app's own code raises, seen in one place whatever it is."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Raised:
    """Holds an exception of its block back as ``error``, for whoever comes behind the block.

    Put around calls of the app's own code, which may raise whatever it likes. What ends the
    process, a thread or a task is no ``Exception``, and goes on.
    """

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.error = error
        return True
