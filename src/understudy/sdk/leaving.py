"""How an actor leaves a session: asked whether to, and ending it."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from understudy.errors import MalformedRequest
from understudy.sdk import pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.app_cookies import emptied
from understudy.sdk.browser_sessions import BrowserSessions, token_of
from understudy.sdk.cache import Ended
from understudy.sdk.cookies import OVERLAY, OVERLAY_MARK, clear_cookie
from understudy.sdk.epoch import Epoch, is_known
from understudy.sdk.later import Later
from understudy.sdk.page_judge import OF_ANOTHER
from understudy.sdk.page_marks import OWN, marked, split_query
from understudy.sdk.passage.steps import ASK_SECONDS
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.secret import Secret
from understudy.sdk.values import ActiveSession
from understudy.sdk.visit import Answer, Headers, Visit, json_answer, problem, see_other, wants_page
from understudy.sdk.way_back import WayBack, forgotten
from understudy.sdk.wording import refusal_text


class AfterEnd(StrEnum):
    """Where the actor goes from the end of a session."""

    DASHBOARD = "dashboard"
    PAGE = "page"


class Leaving:
    """Answers visits to the end of a session. It always works: what is in doubt counts as an end,
    as ending takes power away and gives none.
    """

    def __init__(
        self,
        addresses: Addresses,
        sessions: BrowserSessions,
        *,
        epoch: Epoch,
        way_back: WayBack,
        after_end: AfterEnd = AfterEnd.DASHBOARD,
    ) -> None:
        self._addresses = addresses
        self._sessions = sessions
        self._epoch = epoch
        self._way_back = way_back
        self._after_end = AfterEnd(after_end)

    def confirm(self, visit: Visit) -> Answer:
        """Ask whether to end the session."""
        token = token_of(visit)
        if token is not None and self._is_page_of_another(visit, token):
            return self._not_ended(visit)
        found = self._sessions.known(token) if token is not None else None
        session = found.session if found is not None else None
        end = self._end_address(visit)
        return pages.confirm_page(
            session,
            live=token is not None and not isinstance(found, Ended),
            end=marked(end, session.id) if session is not None else end,
            home=visit.base + self._addresses.home,
        )

    def end(self, visit: Visit) -> Answer | Later:
        """End the session, unless the page on which that was asked for belongs to another one."""
        refusal = cross_site_refusal(visit)
        if refusal is not None:
            return refusal
        try:
            token = token_of(visit)
        except MalformedRequest:
            token = None  # leaving must always work; the cookie is removed all the same
        if token is None:
            return self._left(visit, None, None)
        if self._is_page_of_another(visit, token):
            return self._not_ended(visit)
        left = self._left(visit, self._sessions.session(token), token)
        if self._sessions.known(token) is None and _mark_of(visit) is not None:
            # Another process may know whose page that is; the service does.
            def asked() -> Answer:
                return self._end_asked(visit, token, left)

            return self._sessions.look(token, lambda _: asked(), unknown=asked)
        return Later(
            future=self._sessions.end(token),
            seconds=ASK_SECONDS,
            then=lambda _: left,
            failed=lambda _: left,
            otherwise=lambda: left,
        )

    def _end_asked(self, visit: Visit, token: Secret, left: Answer) -> Answer:
        if self._is_page_of_another(visit, token):
            return self._not_ended(visit)
        self._sessions.end(token)
        return left

    def _is_page_of_another(self, visit: Visit, token: Secret) -> bool:
        """Whether an End comes from a page of another session than that of ``token``.

        A page without a mark, as one of an earlier version, and a session that nobody can be asked
        about, are in doubt.
        """
        mark, session = _mark_of(visit), self._sessions.session(token)
        return mark is not None and session is not None and mark != session.id

    def _not_ended(self, visit: Visit) -> Answer:
        if not wants_page(dict(visit.headers)):
            return problem(HTTPStatus.CONFLICT, OF_ANOTHER, refusal_text(OF_ANOTHER))
        home = visit.base + self._addresses.home
        return pages.not_ended_page(end=self._end_address(visit), home=home)

    def _left(self, visit: Visit, session: ActiveSession | None, token: Secret | None) -> Answer:
        headers = self._cleared(visit)
        back = self._way_back.of(visit.cookie, token)
        # The page that was left is at an origin that answers no more.
        is_outside = self._after_end is AfterEnd.DASHBOARD or visit.at_session_origin
        after = self._addresses.after(session) if is_outside else self._addresses.page_left(visit)
        target = back or after
        if not wants_page(dict(visit.headers)):
            told = {"active": False, "ended": True, "return_to": target}
            return json_answer(told).with_headers(*headers)
        # No redirect to another origin, which a page's form-action would stop.
        if visit.at_session_origin or (back is None and is_outside):
            return pages.left_page(target, to_app=back is not None).with_headers(*headers)
        return see_other(target).with_headers(*headers)

    def _cleared(self, visit: Visit) -> Headers:
        if visit.at_session_origin:
            return emptied(visit.cookie)
        headers: Headers = (
            ("set-cookie", clear_cookie(OVERLAY)),
            # "cookies" would sign the agent out of the app and of the dashboard too.
            ("clear-site-data", '"cache"'),
            *(("set-cookie", cookie) for cookie in forgotten(visit.cookie)),
        )
        if OVERLAY_MARK not in visit.cookie and not is_known(visit.cookie):
            return headers
        # Pages of the session are still open, and must not act as the agent.
        cookies = self._epoch.cookies(OWN)
        return (*headers, *(("set-cookie", cookie) for cookie in cookies))

    def _end_address(self, visit: Visit) -> str:
        return self._addresses.links(visit.base).end


def _mark_of(visit: Visit) -> str | None:
    return split_query(visit.query.encode("latin-1"))[1]
