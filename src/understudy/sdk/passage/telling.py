"""What a request did beside being answered: what it sent, and what it made that lasts."""

from __future__ import annotations

from collections.abc import Callable

from understudy.sdk.cache import Held
from understudy.sdk.cleaning import clean_text
from understudy.sdk.context import REFERENCE_LENGTH
from understudy.sdk.passage.request import Request
from understudy.sdk.runtime import Runtime
from understudy.sdk.values import Phase


class RequestTelling:
    """Tells the log of one request of a session; see ``sdk.context.Telling``."""

    __slots__ = ("_held", "_request", "_runtime")

    def __init__(self, runtime: Runtime, held: Held, request: Request) -> None:
        self._runtime = runtime
        self._held = held
        self._request = request

    def tell(
        self, phase: Phase, *, kind: str, did: str | None = None, reference: str | None = None
    ) -> None:
        """Record it soon; does not block."""
        runtime, request = self._runtime, self._request
        action = runtime.action(runtime.new_action_id(), phase, request.method, request.path)
        named = reference and clean_text(reference, REFERENCE_LENGTH)
        said = action._replace(kind=kind, did=did, reference=named)
        runtime.recorder.add(self._held.session.id, said, self._held.over_at)

    def at_end(self, deed: Callable[[], object]) -> None:
        """Call ``deed`` once, on whatever thread, when the session is over; at once if it is."""
        self._runtime.cache.watch(self._held.session.id, deed)
