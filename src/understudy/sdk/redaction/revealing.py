"""What of a session's rules is lifted for one request, because somebody said why it has to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from understudy.core.redaction.lifted import Lifted
from understudy.sdk.redaction.passing import Part
from understudy.sdk.redaction.unreadable import Unreadable
from understudy.sdk.same_site import is_own_host

if TYPE_CHECKING:
    from understudy.sdk.cache import Held
    from understudy.sdk.passage.request import Request


def whole_path(path: str, base: str) -> str:
    """``path`` with the one that the app is mounted at, which some servers leave out of it."""
    return path if not base or path.startswith(base) else base + path


def address_of(request: Request) -> str | None:
    """What people call the address of ``request``; None where it can be read in several ways."""
    read = {whole_path(unquote(one), request.base).rstrip("/") for one in request.asked.paths}
    return (read.pop() or "/") if len(read) == 1 else None


def page_of(request: Request) -> str | None:
    """The address of the page of the app that ``request`` says it comes from."""
    came_from = request.headers.get("referer")
    if came_from is None or not is_own_host(came_from, request.origin):
        return None
    return unquote(urlsplit(came_from).path)


def lifted_for(held: Held, *addresses: str | None, now: float) -> tuple[Lifted, ...]:
    """What is shown at one of ``addresses`` at this moment of the machine's counter."""
    return tuple(
        lifted
        for lifted, until in held.revealed
        if now < until and any(one is not None and lifted.is_at(one) for one in addresses)
    )


class Until:
    """Looks a body through for as long as what is lifted may be shown, and then cuts it off."""

    __slots__ = ("_monotonic", "_part", "_until")

    def __init__(self, part: Part, until: float, monotonic: Callable[[], float]) -> None:
        self._part = part
        self._until = until
        self._monotonic = monotonic

    @property
    def is_whole(self) -> bool:
        """Whether what it has just given is all."""
        return self._part.is_whole

    @property
    def has_hidden(self) -> bool:
        """Whether it has hidden anything."""
        return self._part.has_hidden

    def part(self, body: bytes, *, more: bool) -> bytes:
        """What may be sent on now.

        :raises Unreadable: it cannot be looked through, or its time is up.
        """
        if self._monotonic() >= self._until:
            raise Unreadable("what was revealed is hidden again")
        return self._part.part(body, more=more)
