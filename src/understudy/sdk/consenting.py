"""What the app's own users do about those who work in their account: agree, look, complain.

Only ever on the user's own genuine login, which the app's callable tells; never in a browser that
holds a session, and never by whoever the app's ``staff`` knows, as far as it lets somebody in.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from understudy.core.text import require_id
from understudy.errors import (
    InvalidInput,
    NotSignedIn,
    Refused,
    Unavailable,
    UnderstudyError,
)
from understudy.sdk import consent_pages as pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.browser_sessions import BrowserSessions, overlay_in
from understudy.sdk.cache import Held
from understudy.sdk.consent_form import MAX_BODY, read_said
from understudy.sdk.own_asker import require_no_session, require_own_page
from understudy.sdk.passage.steps import AskApp, ReadBody, VisitSteps, Wait
from understudy.sdk.same_site import cross_site_refusal
from understudy.sdk.staff import Staff
from understudy.sdk.understudy import Understudy
from understudy.sdk.user_says import GIVES, Deed, UserSays, shown
from understudy.sdk.values import Phase
from understudy.sdk.visit import Answer, Visit, json_answer, problem, see_other, wants_page
from understudy.sdk.wording import refusal_text

ConsentOf = Callable[[Any], str | int | Awaitable[str | int | None] | None]
SECONDS = 6.0
"""How long a person waits for the service."""
NOT_YOU = "forbidden_while_impersonating"
BY_STAFF = "consent_by_staff"
_MAX_ID = 255
_CONSENT = frozenset({Deed.AGREE, Deed.WITHDRAW, Deed.ALLOW, Deed.DECLINE, Deed.CODE})
_HISTORY = frozenset({Deed.END, Deed.NOT_AGREED})
_LOG = logging.getLogger("understudy")


class Consenting:
    """Answers visits to the user's own pages. ``consent_of`` says which of the app's users makes a
    request, by the app's own sign-in; None for nobody.
    """

    def __init__(
        self,
        understudy: Understudy,
        addresses: Addresses,
        sessions: BrowserSessions,
        *,
        consent_of: ConsentOf,
        staff: Staff | None,
    ) -> None:
        self._understudy = understudy
        self._addresses = addresses
        self._sessions = sessions
        self._consent_of = consent_of
        self._staff = staff

    def consent(self, visit: Visit) -> VisitSteps[Answer]:
        """What the user is asked for, and what they agreed to."""
        return self._looked(visit, Deed.STATE, pages.consent_page)

    def history(self, visit: Visit) -> VisitSteps[Answer]:
        """Who has accessed the user's account."""
        return self._looked(visit, Deed.HISTORY, pages.history_page)

    def say(self, visit: Visit) -> VisitSteps[Answer]:
        """What the user says about consent."""
        return self._said(visit, _CONSENT, "consent")

    def complain(self, visit: Visit) -> VisitSteps[Answer]:
        """End a session in the account, or say that it was not agreed."""
        return self._said(visit, _HISTORY, "access-history")

    def _looked(
        self, visit: Visit, deed: Deed, page: Callable[[Mapping[str, Any], pages.Links], Answer]
    ) -> VisitSteps[Answer]:
        try:
            require_no_session(visit, rule=NOT_YOU)
            user = yield from self._user(visit)
            told = shown(deed, (yield from self._told(UserSays(subject_id=user, deed=deed))))
        except UnderstudyError as error:
            return self._refused(visit, error)
        return page(told, self._links(visit)) if _for_people(visit) else json_answer(told)

    def _said(self, visit: Visit, among: frozenset[Deed], name: str) -> VisitSteps[Answer]:
        refusal = cross_site_refusal(visit)
        if refusal is not None:
            return refusal
        # Before the app is asked, which may read it to the end.
        body: bytes = yield ReadBody(MAX_BODY + 1)
        try:
            require_own_page(visit, rule=NOT_YOU)
            user = yield from self._user(visit)
            said = read_said(visit, body, subject_id=user, among=among)
            if said.deed in GIVES:
                yield from self._require_no_staff(visit)
            told = yield from self._told(said)
        except UnderstudyError as error:
            return self._refused(visit, error)
        if not _for_people(visit):
            return json_answer(told)
        if said.deed is Deed.CODE:
            return pages.code_page(told, self._links(visit))
        return see_other(f"{visit.base}{self._addresses.prefix}/{name}")

    def _user(self, visit: Visit) -> VisitSteps[str]:
        given = yield AskApp(self._consent_of, (visit.request,))
        if given is None:
            raise NotSignedIn("Sign in to the app first.")
        # Many apps number their users.
        user = str(given) if type(given) is int else given
        if isinstance(user, str) and 0 < len(user) <= _MAX_ID and _is_id(user):
            return user
        error = given if isinstance(given, Exception) else None
        _LOG.error(
            "The app's consent_of() gave %s, so nobody was asked",
            type(given).__name__,
            exc_info=error,
            extra={"action": "ask_consent_of"},
        )
        raise NotSignedIn("Sign in to the app first.")

    def _require_no_staff(self, visit: Visit) -> VisitSteps[None]:
        if self._staff is None:
            return
        # Whatever it gives or raises but a plain no is somebody who might start a session.
        if (yield AskApp(self._staff.staff_of, (visit.request,))) is not None:
            raise Refused(refusal_text(BY_STAFF), rule=BY_STAFF)

    def _told(self, said: UserSays) -> VisitSteps[Mapping[str, Any]]:
        runtime = self._understudy.runtime()
        future = runtime.calls.submit(partial(runtime.gateway.tell, said))
        yield Wait(future, SECONDS)
        if not future.done():
            raise Unavailable(internal="no answer in time")
        return future.result()

    def _refused(self, visit: Visit, error: UnderstudyError) -> Answer:
        code = error.rule if isinstance(error, Refused) else error.code
        if code == NOT_YOU:
            self._record(visit)
        if _for_people(visit):
            return pages.refused_page(error.status, error.detail, self._links(visit))
        return problem(error.status, code, error.detail)

    def _record(self, visit: Visit) -> None:
        """Tell the log of the session, in which somebody tried to agree to it, that they did."""
        token = overlay_in(visit.cookie)
        held = self._sessions.known(token) if token is not None else None
        if not isinstance(held, Held):
            return
        runtime = self._understudy.runtime()
        action = runtime.action(
            runtime.new_action_id(),
            Phase.BLOCKED,
            visit.method,
            f"{self._addresses.prefix}/consent",
            None,
            HTTPStatus.FORBIDDEN,
            None,
            NOT_YOU,
            visit.address,
            visit.header("user-agent"),
        )
        runtime.recorder.add(held.session.id, action, held.over_at)

    def _links(self, visit: Visit) -> pages.Links:
        own = visit.base + self._addresses.prefix
        return pages.Links(
            consent=f"{own}/consent",
            history=f"{own}/access-history",
            home=visit.base + self._addresses.home,
        )


def _for_people(visit: Visit) -> bool:
    return wants_page(dict(visit.headers))


def _is_id(user: str) -> bool:
    try:
        require_id(user, "subject_id")
    except InvalidInput:
        return False
    return True
