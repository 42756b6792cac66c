"""What an app's handle knows of an Understudy that runs in the app's own processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio


class Embedding(Protocol):
    """The installation behind ``Understudy.embedded``, as far as the SDK goes.

    ``path`` is where browsers find its dashboard, such as ``/understudy``; empty where it has a
    host name of its own.
    """

    @property
    def path(self) -> str:
        """The path of the mount, without a trailing slash."""

    def runs_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take note of the event loop in which the app runs."""

    def close(self) -> None:
        """Let go of what this process has opened; the next use opens it again."""


def is_plainly_below(path: str, base: str) -> bool:
    """Whether ``path`` lies below ``base`` however it is read: without a segment to be resolved."""
    below = path.removeprefix(base)
    if below == path or below[:1] not in ("", "/"):
        return False
    *folders, last = below.split("/")
    return "\\" not in below and not {".", ".."} & {*folders, last} and "" not in folders[1:]
