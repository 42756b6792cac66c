"""How one of the app's staff starts a session from within the app, by the app's own sign-in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from understudy.errors import Refused, Unavailable, UnderstudyError
from understudy.sdk import pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.arriving import Arriving
from understudy.sdk.asks import Ask, Granted
from understudy.sdk.beginning import Beginning
from understudy.sdk.browser_sessions import BrowserSessions
from understudy.sdk.epoch import Epoch
from understudy.sdk.own_asker import require_own_page
from understudy.sdk.passage.steps import AskApp, ReadBody, VisitSteps, Wait
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.staff import Staff, is_permitted, read_actor
from understudy.sdk.start_form import MAX_BODY, Wanted, read_typed, read_wanted
from understudy.sdk.start_refusals import UNAVAILABLE_SUBJECT, UNDER_WAY, not_started
from understudy.sdk.understudy import Understudy, overlay_cookie
from understudy.sdk.values import Actor, Opened
from understudy.sdk.visit import Answer, Headers, Visit, json_answer, problem, see_other, wants_page
from understudy.sdk.way_back import WayBack
from understudy.sdk.wording import refusal_text

REQUEST_SECONDS = 6.0
"""How long a person waits for the grant; behind it, for its session."""


class Starting:
    """Answers starts. Whoever asks is somebody of the app's ``staff``, by the app's own sign-in, on
    a page of the app's own, in a browser that holds no session.
    """

    def __init__(
        self,
        understudy: Understudy,
        addresses: Addresses,
        sessions: BrowserSessions,
        *,
        epoch: Epoch,
        staff: Staff,
        way_back: WayBack,
    ) -> None:
        self._beginning = Beginning(understudy, addresses, sessions, staff)
        self._arriving = Arriving(understudy, addresses, self._beginning, way_back)
        self.hand, self.arrive = self._arriving.hand, self._arriving.arrive
        self._understudy = understudy
        self._addresses = addresses
        self._epoch = epoch
        self._staff = staff
        self._way_back = way_back
        self._under_way: set[str] = set()
        self._lock = threading.Lock()

    def start(self, visit: Visit) -> VisitSteps[Answer]:
        """Begin a session, or say why not, and give a person back what they typed."""
        refusal = cross_site_refusal(visit)
        if refusal is not None:
            return refusal
        # Before the app is asked, which may read it to the end.
        body: bytes = yield ReadBody(MAX_BODY + 1)
        try:
            return (yield from self._start(visit, body))
        except UnderstudyError as error:
            return self._refused(visit, error, body)

    def _start(self, visit: Visit, body: bytes) -> VisitSteps[Answer]:
        require_own_page(visit, rule="nested")
        actor = read_actor((yield AskApp(self._staff.staff_of, (visit.request,))))
        wanted = read_wanted(visit, body)
        if self._staff.may_start is not None:
            asked = (actor, wanted.subject_id, visit.request)
            if not is_permitted((yield AskApp(self._staff.may_start, asked))):
                raise Refused(rule=UNAVAILABLE_SUBJECT)
        with self._only_one(actor):
            return (yield from self._begin(visit, _ask(actor, wanted)))

    def _begin(self, visit: Visit, ask: Ask) -> VisitSteps[Answer]:
        granted = yield from self._granted(ask)
        if granted.origin is not None:
            target, cookie = self._arriving.lead(visit, granted)
            return _led(visit, target).with_headers(("set-cookie", cookie))
        opened, home = yield from self._beginning.of(granted.token)
        return self._begun(visit, opened, home)

    def _granted(self, ask: Ask) -> VisitSteps[Granted]:
        runtime = self._understudy.runtime()
        future = runtime.calls.submit(partial(runtime.sessions.request, ask))
        yield Wait(future, REQUEST_SECONDS)
        # Nothing has begun: whoever gets the token after that lets it die.
        if not future.done():
            raise Unavailable(internal="no answer in time")
        return future.result()

    def _begun(self, visit: Visit, opened: Opened, home: str) -> Answer:
        back = self._way_back.kept(self._addresses.page_left(visit), opened)
        headers: Headers = (
            ("set-cookie", overlay_cookie(opened)),
            ("set-cookie", back),
            *self._epoch.begun(opened.session.id),
        )
        target = visit.base + home
        if wants_page(dict(visit.headers)):
            return see_other(target).with_headers(*headers)
        return _told(target, session=opened.session.id).with_headers(*headers)

    @contextmanager
    def _only_one(self, actor: Actor) -> Iterator[None]:
        """Of two presses of a button one starts: the browser would forget the other's session."""
        with self._lock:
            if actor.id in self._under_way:
                raise Refused(refusal_text(UNDER_WAY), rule=UNDER_WAY)
            self._under_way.add(actor.id)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(actor.id)

    def _refused(self, visit: Visit, error: UnderstudyError, body: bytes) -> Answer:
        told = not_started(error)
        if not wants_page(dict(visit.headers)):
            more = {"field": told.field, "sign_in": told.sign_in}
            return problem(told.status, told.code, told.detail, **more)
        if told.sign_in is not None:
            return see_other(visit.base + told.sign_in)
        back = self._addresses.page_left(visit)
        typed = read_typed(visit, body)
        return pages.not_started_page(
            told.status, told.detail, back=back, in_doubt=told.in_doubt, typed=typed
        )


def _ask(actor: Actor, wanted: Wanted) -> Ask:
    return Ask(
        # Many apps keep an empty text where they know nothing; no service takes it for a name.
        actor=replace(actor, email=actor.email or None, name=actor.name or None),
        subject_id=wanted.subject_id,
        reason=wanted.reason,
        ticket=wanted.ticket,
        minutes=wanted.minutes,
        scope=wanted.scope,
    )


def _led(visit: Visit, target: str) -> Answer:
    """The way to another origin: no redirect, which a page's ``form-action`` would stop."""
    return pages.started_page(target) if wants_page(dict(visit.headers)) else _told(target)


def _told(home: str, *, session: str | None = None) -> Answer:
    return json_answer({"started": True, "session": session, "home": home})
