"""How a session that was started in the app comes to an origin of its own.

A hand-off of the app's own, after the code flow: the origin begins with a nonce in a cookie of its
own, the app's host answers it only in the browser that started, and what then stands in the address
is worth nothing without that nonce. So nobody is led into a session that somebody else has started
(login CSRF), and no address holds a token that can be used.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from understudy.errors import MalformedRequest, Refused, UnderstudyError
from understudy.sdk import pages
from understudy.sdk.addresses import Addresses
from understudy.sdk.asks import Granted
from understudy.sdk.beginning import Beginning
from understudy.sdk.browser_sessions import holds_overlay
from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.cookies import DuplicateCookie, clear_cookie, read_cookie, set_cookie
from understudy.sdk.hand_offs import is_persons_visit
from understudy.sdk.passage.steps import VisitSteps
from understudy.sdk.secret import Secret
from understudy.sdk.start_refusals import not_started
from understudy.sdk.understudy import Understudy, overlay_cookie
from understudy.sdk.visit import Answer, Visit, see_other
from understudy.sdk.way_back import WayBack
from understudy.sdk.wording import refusal_text

STARTED, ARRIVAL = "__Host-understudy-started", "__Host-understudy-arrival"
SECONDS = 60
"""As long as the token lives: two redirects."""
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,4096}")
_SEALED = b"understudy start"
_NOT_BEGUN = "This start was not begun in this browser, or took too long."


class _Started(NamedTuple):
    """What is on its way: a token, the only origin for its session, and where its end leads."""

    token: str
    origin: str
    back: str


class Arriving:
    """Leads a browser from the app's own host to a session's origin."""

    def __init__(
        self,
        understudy: Understudy,
        addresses: Addresses,
        beginning: Beginning,
        way_back: WayBack,
    ) -> None:
        self._understudy = understudy
        self._addresses = addresses
        self._beginning = beginning
        self._way_back = way_back

    def lead(self, visit: Visit, granted: Granted) -> tuple[str, str]:
        """Where the browser goes from a start, and the Set-Cookie value by which it is known then.

        :raises Refused: this app serves no sessions at such an origin.
        """
        origin, origins = granted.origin or "", self._understudy.client.session_origins
        if origins is None or not origins.has(origin):
            raise Refused(refusal_text("start_at_origin"), rule="another_origin")
        # As browsers know it, whatever the server thinks of its scheme.
        own = f"{origins.scheme}://{visit.origin.partition('://')[2]}"
        hand = f"{own}{visit.base}{self._addresses.prefix}/hand"
        query = urlencode({"from": hand, "seal": self._sealed_address(origin, hand)})
        started = _Started(granted.token.reveal(), origin, own + self._addresses.page_left(visit))
        cookie = self._seal(started, STARTED)
        return (
            f"{origin}{visit.base}{self._addresses.prefix}/arrive?{query}",
            set_cookie(STARTED, cookie, max_age=SECONDS),
        )

    def hand(self, visit: Visit) -> Answer:
        """At the app's own host: a code for the origin that asks, in the browser that started."""
        return self._for_people(visit, self._hand)

    def arrive(self, visit: Visit) -> Answer | VisitSteps[Answer]:
        """At the session's origin: ask for a code, then begin with it."""
        is_back = visit.query.startswith("code=")
        return self._arrived(visit) if is_back else self._for_people(visit, self._ask)

    def _ask(self, visit: Visit) -> Answer:
        parameters = visit.parameters()
        hand, seal = parameters.get("from", ""), parameters.get("seal", "")
        # Sealed for this very origin, so that no other place is asked for a code.
        sealed = self._sealed_address(visit.origin, hand)
        if not hmac.compare_digest(seal.encode(), sealed.encode()):
            raise MalformedRequest(_NOT_BEGUN)
        nonce = self._understudy.random_text()
        query = urlencode({"challenge": self._challenge(nonce)})
        return see_other(f"{hand}?{query}", set_cookie(ARRIVAL, nonce, max_age=SECONDS))

    def _hand(self, visit: Visit) -> Answer:
        challenge = visit.parameters().get("challenge", "")
        started = self._open(_cookie(visit, STARTED), STARTED)
        if started is None or not _CHALLENGE.fullmatch(challenge):
            raise MalformedRequest(_NOT_BEGUN)
        query = urlencode({"code": self._seal(started, challenge)})
        # To the origin of the grant alone, whoever asks.
        target = f"{started.origin}{visit.base}{self._addresses.prefix}/arrive?{query}"
        return see_other(target, clear_cookie(STARTED))

    def _arrived(self, visit: Visit) -> VisitSteps[Answer]:
        try:
            return (yield from self._begun(visit))
        except UnderstudyError as error:
            return self._failed(visit, error)

    def _begun(self, visit: Visit) -> VisitSteps[Answer]:
        _require_person(visit)
        code, nonce = visit.parameters().get("code", ""), _cookie(visit, ARRIVAL)
        started = self._open(code, self._challenge(nonce)) if nonce else None
        if started is None or started.origin != visit.origin:
            raise MalformedRequest(_NOT_BEGUN)
        opened, home = yield from self._beginning.of(Secret(started.token))
        cookies = (overlay_cookie(opened), self._way_back.kept(started.back, opened))
        return see_other(visit.base + home, *cookies, clear_cookie(ARRIVAL))

    def _for_people(self, visit: Visit, answer: Callable[[Visit], Answer]) -> Answer:
        try:
            _require_person(visit)
            return answer(visit)
        except UnderstudyError as error:
            return self._failed(visit, error)

    def _failed(self, visit: Visit, error: UnderstudyError) -> Answer:
        told, home = not_started(error), visit.base + self._addresses.home
        return pages.not_started_page(told.status, told.detail, back=home, in_doubt=told.in_doubt)

    @cached_property
    def _cookies(self) -> CookieSeal:
        return CookieSeal(self._understudy.client.key)

    def _seal(self, started: _Started, purpose: str) -> str:
        text = json.dumps(started).encode()
        return self._cookies.seal(text, session_id=purpose, name=_SEALED).decode()

    def _open(self, sealed: str, purpose: str) -> _Started | None:
        if not _CODE.fullmatch(sealed):
            return None
        text = self._cookies.open(sealed.encode(), session_id=purpose, name=_SEALED)
        return None if text is None else _Started(*json.loads(text))

    def _challenge(self, nonce: str) -> str:
        return self._derived("arrival", nonce)

    def _sealed_address(self, origin: str, hand: str) -> str:
        return self._derived("from", origin, hand)

    def _derived(self, *purpose: str) -> str:
        message = "\x00".join(("understudy start", *purpose)).encode()
        digest = hmac.new(self._understudy.client.key.reveal().encode(), message, hashlib.sha256)
        return urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def _require_person(visit: Visit) -> None:
    # A code works once, so whoever fetches it in advance must change nothing.
    if not is_persons_visit(visit):
        raise MalformedRequest("A start goes on as a page of its own, and not in advance.")
    if holds_overlay(visit):
        raise Refused(refusal_text("nested"), rule="nested")


def _cookie(visit: Visit, name: str) -> str:
    try:
        return read_cookie(visit.cookie, name) or ""
    except DuplicateCookie:
        return ""
