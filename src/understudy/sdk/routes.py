"""The SDK's own addresses in the app: launch, callback, start, state, status, stay, end, scripts.

Each gives its answer in steps, which an adapter does: it waits for the service, reads what was
sent, and asks the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from understudy.errors import UnderstudyError
from understudy.sdk.addresses import PREFIX, Addresses
from understudy.sdk.browser_sessions import BrowserSessions, overlay_in
from understudy.sdk.consenting import Consenting, ConsentOf
from understudy.sdk.epoch import HOURS, Epoch
from understudy.sdk.hand_offs import DEFAULT
from understudy.sdk.later import Later
from understudy.sdk.launching import Launching
from understudy.sdk.leaving import AfterEnd, Leaving
from understudy.sdk.passage.steps import VisitSteps
from understudy.sdk.place import Nowhere, Place, Places, SessionOrigin
from understudy.sdk.revealing import Revealing
from understudy.sdk.script_files import script_answer
from understudy.sdk.staff import Staff
from understudy.sdk.starting import Starting
from understudy.sdk.status import Status
from understudy.sdk.staying import Staying
from understudy.sdk.understudy import Understudy
from understudy.sdk.unlock.asking import Asking
from understudy.sdk.visit import Answer, Visit, problem
from understudy.sdk.way_back import WayBack
from understudy.sdk.wording import refusal_text

Handler = Callable[[Visit], Answer | Later | VisitSteps[Answer]]
_METHOD = "This address does not answer that method."


class Routes(Addresses):
    """Answers visits below ``prefix``. ``home`` is where the app begins, ``hand_offs`` how sessions
    come in; ``epoch_hours`` is for how long a browser is known that has had one. ``staff``
    are those who start sessions from within the app; without them nobody does. ``consent_of`` tells
    which user makes a request; without it they are asked nothing here. The banner's events are no
    answer, so that an adapter which ``streams`` serves them itself.
    """

    def __init__(
        self,
        understudy: Understudy,
        *,
        prefix: str = PREFIX,
        home: str = "/",
        after_end: AfterEnd = AfterEnd.DASHBOARD,
        hand_offs: Iterable[str] = DEFAULT,
        epoch_hours: int = HOURS,
        staff: Staff | None = None,
        consent_of: ConsentOf | None = None,
        streams: bool = False,
    ) -> None:
        super().__init__(prefix, home, issuer=understudy.client.issuer, streams=streams)
        self.epoch = Epoch(epoch_hours)
        self._places = Places(understudy.client.session_origins)
        sessions = BrowserSessions(understudy.runtime)
        launching = Launching(understudy, self, sessions, epoch=self.epoch, hand_offs=hand_offs)
        staying = Staying(understudy.runtime, sessions, path=f"{prefix}/stay")
        self._way_back = way_back = WayBack(understudy.client.key)
        leaving = Leaving(self, sessions, epoch=self.epoch, way_back=way_back, after_end=after_end)
        status = Status(understudy.runtime, sessions)
        revealing = Revealing(understudy.runtime, self, path=f"{prefix}/reveal")
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", "/launch"): launching.launch,
            ("GET", "/callback"): launching.callback,
            ("GET", "/state"): staying.state,
            ("GET", "/status"): status.status,
            ("POST", "/stay"): staying.stay,
            ("POST", "/unlock"): Asking(understudy.runtime, self).ask,
            ("GET", "/reveal"): revealing.offer,
            ("POST", "/reveal"): revealing.reveal,
            ("GET", "/end"): leaving.confirm,
            ("POST", "/end"): leaving.end,
            **{
                (method, f"/{name}"): partial(script_answer, name)
                for method in ("GET", "HEAD")
                for name in ("banner.js", "page.js")
            },
        }

        if staff is not None:
            starting = Starting(
                understudy, self, sessions, epoch=self.epoch, staff=staff, way_back=way_back
            )
            self._handlers["POST", "/start"] = starting.start
            self._handlers["GET", "/hand"] = starting.hand
            self._handlers["GET", "/arrive"] = starting.arrive

        if consent_of is not None:
            own = Consenting(understudy, self, sessions, consent_of=consent_of, staff=staff)
            self._handlers["GET", "/consent"] = own.consent
            self._handlers["POST", "/consent"] = own.say
            self._handlers["GET", "/access-history"] = own.history
            self._handlers["POST", "/access-history"] = own.complain

    def serving(self, visit: Visit, path: str) -> VisitSteps[Answer]:
        """What a visit to ``path`` gets, in steps of which an adapter does each."""
        answer = self.answer(visit, path)
        if isinstance(answer, Answer):
            return answer
        return (yield from answer.steps() if isinstance(answer, Later) else answer)

    def answer(self, visit: Visit, path: str) -> Answer | Later | VisitSteps[Answer]:
        """What a visit to ``path`` gets, or who is to be waited for."""
        place = self.place_of(visit)
        if isinstance(place, Nowhere):
            return problem(HTTPStatus.NOT_FOUND, "not_found", refusal_text("not_found"))
        if isinstance(place, SessionOrigin):
            # As browsers know it, whatever the server thinks of its scheme.
            visit = replace(visit, origin=place.origin, at_session_origin=True)
        name = path[len(self.prefix) :]
        handler = self._handlers.get((visit.method, name))
        if handler is None:
            return self._unanswered(name)
        try:
            return handler(visit)
        except UnderstudyError as error:
            return problem(error.status, error.code, error.detail)

    def back_of(self, cookie: bytes) -> str | None:
        """Where the session was started that a browser holds, by a whole Cookie header."""
        return self._way_back.of(cookie, overlay_in(cookie))

    def place_of(self, visit: Visit) -> Place:
        """Where a visit has arrived."""
        return self._places.of(visit.origin.partition("://")[2])

    def _unanswered(self, name: str) -> Answer:
        known = {method for method, known in self._handlers if known == name}
        if not known:
            return problem(HTTPStatus.NOT_FOUND, "not_found", refusal_text("not_found"))
        allowed = ("allow", ", ".join(sorted(known)))
        answer = problem(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", _METHOD)
        return answer.with_headers(allowed)
