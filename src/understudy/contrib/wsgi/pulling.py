"""The parts of an app's body, each of them made under the request that it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from understudy.sdk.context import OwnRequest, Present, within


class Pulled:
    """``parts`` one by one. Generators run when they are asked, in the context of whoever asks.

    ``is_one`` where there is but one, known beforehand.
    """

    def __init__(self, parts: Iterable[bytes], present: Present | OwnRequest) -> None:
        self._parts = parts
        self._present = present
        with within(present):
            self._iterator: Iterator[bytes] = iter(parts)
        self.is_one = isinstance(parts, Sized) and len(parts) == 1

    def next(self) -> bytes | None:
        """The next part, which may be empty; None behind the last."""
        with within(self._present):
            return next(self._iterator, None)

    def close(self) -> None:
        """Tell the app that nothing more is asked for."""
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()
