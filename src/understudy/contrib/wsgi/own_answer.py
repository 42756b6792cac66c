"""The app's answer to a request of a user's own, while sessions are served in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from understudy.sdk.context import OwnRequest, within


class OwnAnswer:
    """``parts``, made as the user's own to the last of them, and so known in what views put into a
    pool.
    """

    # By no more steps than these: whoever works for nobody else pays for each of them.
    __slots__ = ("_iterator", "_own", "_parts", "_within")

    def __init__(self, parts: Iterable[bytes], own: OwnRequest) -> None:
        self._parts = parts
        self._own = own
        self._within = within(own)
        with self._within:
            self._iterator = iter(parts)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._within:
            return next(self._iterator)

    def close(self) -> None:
        """The server is done."""
        close = getattr(self._parts, "close", None)
        with self._own:
            if close is not None:
                close()
