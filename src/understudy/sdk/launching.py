"""How a session comes into a browser: the launch, and the callback in which it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from understudy.core.impersonation.sessions import EndCause
from understudy.errors import OutcomeUnknown, Refused, UnderstudyError
from understudy.sdk import hand_offs as ways
from understudy.sdk import launch, pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.beginning import EXCHANGE_SECONDS
from understudy.sdk.browser_sessions import BrowserSessions, token_of
from understudy.sdk.cache import Ended, Held
from understudy.sdk.epoch import Epoch
from understudy.sdk.later import Later
from understudy.sdk.return_path import safe_path
from understudy.sdk.secret import Secret
from understudy.sdk.sessions import UNKNOWN
from understudy.sdk.understudy import Understudy, overlay_cookie
from understudy.sdk.values import Opened, Presented
from understudy.sdk.visit import Answer, Visit, see_other
from understudy.sdk.wording import refusal_text


class Launching:
    """Answers the visits of a hand-off, by one of the ``hand_offs``. Whatever goes wrong there is
    told on a page, as a person has been sent.
    """

    def __init__(
        self,
        understudy: Understudy,
        addresses: Addresses,
        sessions: BrowserSessions,
        *,
        epoch: Epoch,
        hand_offs: Iterable[str] = ways.DEFAULT,
    ) -> None:
        self._understudy = understudy
        self._addresses = addresses
        self._sessions = sessions
        self._epoch = epoch
        self._hand_offs = ways.read_hand_offs(hand_offs)

    def launch(self, visit: Visit) -> Answer | Later:
        """Begin a hand-off, or go on in the session that this browser holds."""
        return self._for_people(visit, self._launch)

    def callback(self, visit: Visit) -> Answer | Later:
        """Exchange what the browser brings, and begin the session."""
        return self._for_people(visit, self._callback)

    def _for_people(
        self, visit: Visit, answer: Callable[[Visit], Answer | Later]
    ) -> Answer | Later:
        # A token works once, so whoever fetches it in advance changes nothing: neither the token
        # nor the launch cookie, which the person who follows will need.
        if not ways.is_persons_visit(visit):
            detail = "A launch opens as a page of its own, and cannot be fetched in advance."
            return self._failed_page(visit, HTTPStatus.BAD_REQUEST, detail)
        try:
            return answer(visit)
        except UnderstudyError as error:
            return self._failed(visit, error)

    def _launch(self, visit: Visit) -> Answer | Later:
        ways.require_taken(ways.HandOff.CODE, self._hand_offs)
        begun = launch.begin(
            self._understudy.client,
            visit,
            redirect_uri=self._redirect_uri(visit),
            nonce=self._understudy.random_text(),
            now=self._understudy.clock().timestamp(),
        )
        token = token_of(visit)
        return begun if token is None else self._reopened(visit, token, begun)

    def _reopened(self, visit: Visit, token: Secret, begun: Answer) -> Answer | Later:
        """The app, where this browser holds the launched grant's session; else ``begun``.

        A session goes on in a new tab as it is: a second one would end it, and what is typed there.
        """
        grant_id = visit.parameters().get("login_hint")

        def answer(found: Held | Ended) -> Answer:
            holds = isinstance(found, Held) and found.session.grant_id == grant_id
            return see_other(visit.base + self._addresses.home) if holds else begun

        return self._sessions.look(token, answer, unknown=lambda: begun)

    def _callback(self, visit: Visit) -> Answer | Later:
        presented = self._presented(visit)
        older = token_of(visit)
        runtime = self._understudy.runtime()
        runtime.follow()
        return Later(
            future=runtime.calls.submit(partial(runtime.sessions.exchange, presented)),
            seconds=EXCHANGE_SECONDS,
            then=lambda opened: self._begun(visit, older, opened),
            failed=lambda error: self._failed(visit, error),
            otherwise=lambda: self._failed(visit, OutcomeUnknown(UNKNOWN)),
            # The browser never got this session's cookie.
            abandoned=lambda opened: self._sessions.end(opened.session_token),
        )

    def _presented(self, visit: Visit) -> Presented:
        """What the browser brings to be exchanged."""
        token = ways.token_in_address(visit.parameters(), self._hand_offs)
        return token or launch.finish(
            self._understudy.client,
            visit,
            redirect_uri=self._redirect_uri(visit),
            now=self._understudy.clock().timestamp(),
        )

    def _begun(self, visit: Visit, older: Secret | None, opened: Opened) -> Answer:
        # A token in an address is bound to no place, as a code is.
        if opened.session.origin != (visit.origin if visit.at_session_origin else None):
            self._sessions.end(opened.session_token)
            detail = refusal_text("another_origin")
            return self._failed(visit, Refused(detail, rule="another_origin"))
        if older is not None and older != opened.session_token:
            self._make_way(older, opened)
        target = safe_path(opened.return_to, self._addresses.home)
        if self._addresses.owns(target.partition("?")[0]):
            target = self._addresses.home
        begun = see_other(visit.base + target, overlay_cookie(opened), launch.forget_launch())
        if visit.at_session_origin:
            return begun
        return begun.with_headers(*self._epoch.begun(opened.session.id))

    def _make_way(self, older: Secret, opened: Opened) -> None:
        """End the session that this browser has held: one cookie holds one."""
        session = self._sessions.session(older)
        if session is not None and session.grant_id == opened.session.grant_id:
            # The service ended it when it began this one, and knows better how.
            self._understudy.runtime().cache.close(session.id, EndCause.RELAUNCHED)
        else:
            self._sessions.end(older, EndCause.REPLACED)

    def _redirect_uri(self, visit: Visit) -> str:
        configured = self._understudy.client.redirect_url
        if configured is not None and visit.at_session_origin:
            return visit.origin + urlsplit(configured).path
        return configured or f"{visit.origin}{visit.base}{self._addresses.prefix}/callback"

    def _failed(self, visit: Visit, error: UnderstudyError) -> Answer:
        answer = self._failed_page(visit, error.status, error.detail)
        return answer.with_headers(("set-cookie", launch.forget_launch()))

    def _failed_page(self, visit: Visit, status: int, detail: str) -> Answer:
        home, dashboard = visit.base + self._addresses.home, self._addresses.dashboard
        return pages.launch_failed_page(status, detail, home=home, dashboard=dashboard)
