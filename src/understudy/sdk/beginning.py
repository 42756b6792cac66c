"""How a session begins that staff have asked for: by an exchange, at the home of its subject."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial

from understudy.errors import OutcomeUnknown
from understudy.sdk.addresses import Addresses
from understudy.sdk.browser_sessions import BrowserSessions
from understudy.sdk.passage.steps import AskApp, VisitSteps, Wait
from understudy.sdk.secret import Secret
from understudy.sdk.staff import Staff, read_home
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Opened, Presented

EXCHANGE_SECONDS = 12.0
"""How long a person waits for a session; it takes two tries of five seconds."""


class Beginning:
    """Opens sessions for a browser. Where the browser goes before it has its cookie, or waits no
    longer, the session is ended.
    """

    def __init__(
        self,
        understudy: Understudy,
        addresses: Addresses,
        sessions: BrowserSessions,
        staff: Staff,
    ) -> None:
        self._understudy = understudy
        self._addresses = addresses
        self._sessions = sessions
        self._staff = staff

    def of(self, token: Secret) -> VisitSteps[tuple[Opened, str]]:
        """The session for ``token``, and the path at which it begins.

        :raises TokenInvalid: the service takes the token no more.
        :raises OutcomeUnknown: it did not say.
        """
        runtime = self._understudy.runtime()
        runtime.follow()
        presented = Presented(token=token)
        future = runtime.calls.submit(partial(runtime.sessions.exchange, presented))
        has_begun = False
        try:
            yield Wait(future, EXCHANGE_SECONDS)
            if not future.done():
                raise OutcomeUnknown
            opened = future.result()
            home = self._addresses.home
            if self._staff.home_of is not None:
                asked = AskApp(self._staff.home_of, (opened.session.subject,))
                home = read_home((yield asked), self._addresses)
            has_begun = True
            return opened, home
        finally:
            if not has_begun:
                future.add_done_callback(self._undo)

    def _undo(self, future: Future[Opened]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._sessions.end(future.result().session_token)
