"""The embedded service at its path, for the drivers of frameworks without an event loop."""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass
from http import HTTPStatus

from understudy.embedded.link import installation_of
from understudy.embedded.mount.exchange import Exchange, Read
from understudy.embedded.mount.loop import Loops
from understudy.embedded.mount.overlaid import overlaid_answer
from understudy.embedded.mount.reading import below
from understudy.embedded.mount.served import Served, served
from understudy.embedded.mount.staff import Asking, asked_of
from understudy.errors import SetupError, Unavailable
from understudy.last_resort import LastResort
from understudy.sdk.closing import close_at_sigterm
from understudy.sdk.scope import Scope
from understudy.sdk.understudy import Understudy
from understudy.sdk.visit import Answer, problem

_UNAVAILABLE = "Understudy cannot answer right now. The app's log says more."
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request below the mount. ``scope`` says it in the words of ASGI, ``rest`` is the path below
    the mount, decoded, and ``read`` gives the body.

    ``asking`` gives the framework's request to the app's own callables. ``streams`` is how many
    event streams the process may hold.
    """

    scope: Scope
    rest: str
    read: Read | None
    asking: Asking
    streams: float


class Dashboard:
    """Made once in an app, before any fork; in each process it begins with the first visit.

    :raises SetupError: ``understudy`` is a link to a service, or its callables are async.
    """

    def __init__(self, understudy: Understudy) -> None:
        self._installation = installation_of(understudy)
        plan = self._installation.plan
        for given in (plan.staff, plan.check_password):
            if inspect.iscoroutinefunction(given):
                raise SetupError("Nothing awaits staff or check_password here: let them be plain.")
        self._loops = Loops(self._installation)
        close_at_sigterm()

    @property
    def path(self) -> str:
        """Where browsers find it, without a slash at the end."""
        return self._installation.path

    def serve(self, asked: Asked) -> Served:
        """The answer, as far as it is there; what goes wrong before is an answer as well."""
        # The app would make a page of it that may tell more than it should.
        with LastResort(_logger, "the dashboard cannot answer", action="serve_embedded"):
            return self._refused(asked) or self._answered(asked)
        return Served.of(_unavailable())

    def _refused(self, asked: Asked) -> Served | None:
        refusal = overlaid_answer(asked.scope, asked.rest)
        return Served.of(refusal) if refusal is not None else None

    def _answered(self, asked: Asked) -> Served:
        loop = self._loops.loop()
        exchange = Exchange(loop, below(asked.scope, self.path, asked.rest), asked.read)
        plan = self._installation.plan
        exchange.scope.update(asked_of(asked.rest, plan, asked.asking, exchange.ask))
        return served(loop, exchange, asked.streams)


def _unavailable() -> Answer:
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, Unavailable.code, _UNAVAILABLE)
    return answer.with_headers(("retry-after", "1"))
