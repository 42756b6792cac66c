"""How an impersonated request begins: in which order what is asked, and when it is turned away."""

from __future__ import annotations

from http import HTTPStatus

from understudy.errors import UnderstudyError
from understudy.sdk.cache import Held
from understudy.sdk.guard import UNAVAILABLE, Asked, NeedsRefresh, Pass, Refuse
from understudy.sdk.passage.action_log import ActionLog
from understudy.sdk.passage.identity import Identity
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import LoadUser, Steps, asking
from understudy.sdk.passage.turned_away import answer_to
from understudy.sdk.routes import Routes
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import is_own_host
from understudy.sdk.understudy import Understudy
from understudy.sdk.unrecorded import Unrecorded
from understudy.sdk.visit import Answer


class Passages:
    """Opens the passages of one app."""

    def __init__(
        self, understudy: Understudy, routes: Routes, identity: Identity, unrecorded: Unrecorded
    ) -> None:
        self._understudy = understudy
        self._routes = routes
        self._identity = identity
        self._unrecorded = unrecorded

    def opening(self, request: Request) -> Steps[Pass | Answer | Passage]:
        """``Pass`` when the request is none of ours, an answer that goes out in place of the app's,
        or the passage under which the app is called.
        """
        runtime = self._understudy.runtime()
        verdict = runtime.guard.decide(request.asked)
        # The guard does no I/O itself: what it lacks is asked for here, where a driver can wait.
        if isinstance(verdict, NeedsRefresh):
            verdict = yield from _decide_anew(runtime, verdict, request.asked)
        if isinstance(verdict, Pass):
            return verdict
        if isinstance(verdict, Refuse):
            if verdict.held is not None:
                log = ActionLog(runtime, verdict.held, request, kept=True)
                log.blocked(verdict.status, verdict.code)
            return answer_to(request, verdict, self._routes, now=runtime.monotonic())
        return (yield from self._admit(runtime, verdict, request))

    def _admit(self, runtime: Runtime, held: Held, request: Request) -> Steps[Answer | Passage]:
        asked = request.asked
        kept = not self._unrecorded.covers(asked.methods, request.path)
        log = ActionLog(runtime, held, request, kept=kept)
        passage = Passage(runtime, self._routes, self._identity, held, request, log)
        # Before anything of the app runs: a page of another site may open sockets with our cookies,
        # and no method tells what is sent over them (ASVS 4.4.2).
        if asked.socket and not self._is_own(request):
            return passage.refuse(Refuse(HTTPStatus.FORBIDDEN, "origin_refused", held=held))
        # Before the intent: what would be done in another account than the subject's is not begun,
        # so the log must not say that it was about to be.
        if self._identity.loads:
            user = yield LoadUser(held.session.subject, passage.found)
            if not passage.admits(user):
                return passage.refuse(passage.not_applied())
        # Last, and awaited: from here on only the app's own code stands between word and deed.
        if asked.socket or not asked.only_reads:
            refuse = yield from log.intend()
            if refuse is not None:
                return passage.refuse(refuse)
        passage.begin()
        return passage

    def _is_own(self, request: Request) -> bool:
        # Behind a proxy that changes the host only the registered address tells the app's own.
        registered = self._understudy.client.redirect_url or ""
        origin = request.headers.get("origin")
        return is_own_host(origin, request.origin) or is_own_host(origin, registered)


def _decide_anew(runtime: Runtime, verdict: NeedsRefresh, asked: Asked) -> Steps[Held | Refuse]:
    """What becomes of a request for which the service must be asked."""
    try:
        found = yield from asking(runtime, verdict.token, verdict.key)
    # Whatever the reason: not knowing whether the session stands is reason enough.
    except UnderstudyError:
        return UNAVAILABLE
    return runtime.guard.judge(found, asked)
