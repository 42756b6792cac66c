"""How an impersonated request begins: in which order what is asked, and when it is turned away."""

from __future__ import annotations

from http import HTTPStatus

from understudy.errors import UnderstudyError
from understudy.sdk.cache import Held
from understudy.sdk.crossing import Crossings
from understudy.sdk.dashboard_path import NOWHERE, DashboardPath
from understudy.sdk.graphql_reads import GraphQLReads
from understudy.sdk.guard import UNAVAILABLE, Asked, NeedsRefresh, Pass, Refuse
from understudy.sdk.passage.action_log import ActionLog
from understudy.sdk.passage.astray import astray, at_place
from understudy.sdk.passage.given_back import given_back
from understudy.sdk.passage.identity import Identity
from understudy.sdk.passage.mismatch import is_mismatch, mismatch_answer
from understudy.sdk.passage.passage import Passage
from understudy.sdk.passage.querying import queried
from understudy.sdk.passage.request import Request
from understudy.sdk.passage.steps import LoadUser, Steps, asking
from understudy.sdk.passage.turned_away import answer_to
from understudy.sdk.passage.unlocking import can_be_unlocked, unlocked
from understudy.sdk.place import OWN_HOST, Place, Places
from understudy.sdk.routes import Routes
from understudy.sdk.runtime import Runtime
from understudy.sdk.same_site import is_own_host
from understudy.sdk.understudy import Understudy
from understudy.sdk.unrecorded import Unrecorded
from understudy.sdk.visit import Answer


class Passages:
    """Opens the passages of one app."""

    def __init__(
        self,
        understudy: Understudy,
        routes: Routes,
        identity: Identity,
        unrecorded: Unrecorded,
        crossings: Crossings,
        *,
        dashboard: DashboardPath = NOWHERE,
        graphql: GraphQLReads | None = None,
    ) -> None:
        self._understudy = understudy
        self._routes = routes
        self._identity = identity
        self._unrecorded = unrecorded
        self._crossings = crossings
        self._dashboard = dashboard
        # None where there is none, as each request of a session asks.
        self._graphql = graphql or None
        self._places = Places(understudy.client.session_origins)

    def opening(self, request: Request) -> Steps[Pass | Answer | Passage]:
        """``Pass`` when the request is none of ours, an answer that goes out in place of the app's,
        or the passage under which the app is called.
        """
        # The place before any cookie: one of the whole domain arrives at every label.
        place = self._places.of(request.host)
        if place is not OWN_HOST:
            request = request.at(place)
        runtime = self._understudy.runtime()
        turned = astray(request, place, self._places)
        if isinstance(turned, Answer):
            return turned
        verdict = turned or (yield from _decide(runtime, request.asked, place))
        if isinstance(verdict, Pass):
            return verdict
        if self._graphql is not None:
            verdict = yield from queried(runtime, request, verdict, self._graphql)
        refused = isinstance(verdict, Refuse)
        if isinstance(verdict, Refuse) and can_be_unlocked(verdict, request):
            verdict = yield from unlocked(runtime, request, verdict)
        # Where the app has the dashboard under its own roof: it is the agent's and not the
        # subject's, and a page of the subject must not reach it.
        if isinstance(verdict, Held) and self._dashboard.covers(request.base, request.path):
            verdict = Refuse(HTTPStatus.FORBIDDEN, "nested", held=verdict)
        if isinstance(verdict, Refuse):
            if verdict.held is not None:
                log = ActionLog(runtime, verdict.held, request, kept=True)
                log.blocked(verdict.status, verdict.code)
            return (yield from self._turn_away(runtime, request, verdict))
        return (yield from self._admit(runtime, verdict, request, unlocked=refused))

    def _admit(
        self, runtime: Runtime, held: Held, request: Request, *, unlocked: bool
    ) -> Steps[Answer | Passage]:
        asked = request.asked
        kept = not self._unrecorded.covers(asked.methods, request.path)
        log = ActionLog(runtime, held, request, kept=kept)
        crossing = self._crossings.of(request.place, held)
        passage = Passage(runtime, self._routes, self._identity, held, request, log, crossing)
        # Before anything of the app runs: a page of another site may open sockets with our cookies,
        # and no method tells what is sent over them (ASVS 4.4.2).
        if asked.socket and not self._is_own(request):
            refuse = Refuse(HTTPStatus.FORBIDDEN, "origin_refused", held=held)
            return (yield from self._refuse(passage, refuse))
        # Before the intent: what would be done in another account than the subject's is not begun,
        # so the log must not say that it was about to be.
        if self._identity.loads:
            user = yield LoadUser(held.session.subject, passage.found)
            if not passage.admits(user):
                return (yield from self._refuse(passage, passage.not_applied()))
        if held.rulings is not None:
            # Late, as most apps hide nothing.
            from understudy.sdk.passage.brought_back import brought_back

            brought = yield from brought_back(passage)
            if brought is not None:
                return (yield from self._refuse(passage, brought._replace(held=held)))
        # Last, and awaited: from here on only the app's own code stands between word and deed.
        if asked.changes:
            not_begun = yield from log.intend()
            if not_begun is not None:
                return (yield from self._refuse(passage, not_begun))
        passage.begin(unlocked=unlocked)
        return passage

    def _refuse(self, passage: Passage, refuse: Refuse) -> Steps[Answer]:
        # Before the form is read: whoever goes away meanwhile takes nothing out of the log.
        passage.log.blocked(refuse.status, refuse.code)
        return (yield from self._turn_away(passage.runtime, passage.request, refuse))

    def _turn_away(self, runtime: Runtime, request: Request, refuse: Refuse) -> Steps[Answer]:
        typed = yield from given_back(request)
        if is_mismatch(request, refuse):
            return mismatch_answer(request, refuse, self._routes, runtime, typed)
        return answer_to(request, refuse, self._routes, now=runtime.monotonic(), typed=typed)

    def _is_own(self, request: Request) -> bool:
        # Behind a proxy that changes the host only the registered address tells the app's own.
        registered = self._understudy.client.redirect_url or ""
        origin = request.headers.get("origin")
        return is_own_host(origin, request.origin) or is_own_host(origin, registered)


def _decide(runtime: Runtime, asked: Asked, place: Place) -> Steps[Pass | Held | Refuse]:
    """What becomes of a request; the service is asked where this process does not know."""
    verdict = runtime.guard.decide(asked)
    # The guard does no I/O itself: what it lacks is asked for here, where a driver can wait.
    if isinstance(verdict, NeedsRefresh):
        try:
            found = yield from asking(runtime, verdict.token, verdict.key)
        # Whatever the reason: not knowing whether the session stands is reason enough.
        except UnderstudyError:
            return UNAVAILABLE
        verdict = runtime.guard.judge(found, asked)
    return at_place(verdict, place)
