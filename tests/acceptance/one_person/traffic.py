"""What browsers have sent to an app that runs in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Request, Response

QUIET_MS = 150


@dataclass
class Traffic:
    """What may change something, and is under way."""

    _under_way: set[Request] = field(default_factory=set)
    _sent: int = 0
    _contexts: list[BrowserContext] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """See what leaves this browser from now on."""
        self._contexts.append(context)
        context.on("close", self._closed)
        context.on("request", self._begun)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def settle(self) -> None:
        """Return once nothing is under way, and nothing more has left for a while."""
        known, page = -1, self._contexts[-1].pages[0]
        while self._under_way or known != self._sent:
            known = self._sent
            page.wait_for_timeout(QUIET_MS)

    def _closed(self, context: BrowserContext) -> None:
        self._contexts.remove(context)

    def _begun(self, request: Request) -> None:
        if request.method == "POST":
            self._under_way.add(request)
            self._sent += 1

    def _answered(self, response: Response) -> None:
        self._under_way.discard(response.request)

    def _failed(self, request: Request) -> None:
        self._under_way.discard(request)
