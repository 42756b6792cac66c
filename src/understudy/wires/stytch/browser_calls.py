"""The calls of Stytch's browser SDK: a page exchanges the token of its URL, and keeps its session.

Each guess at an impersonation token is an entry, so guessers are slowed down as at a sign-in. A
session token is what the page proves that it may refresh or end this very session by.
"""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import Response

from understudy.core.applications.application import Application, Vertical
from understudy.core.ids import GrantId
from understudy.core.ports import Reader, Unit
from understudy.errors import UnderstudyError
from understudy.http import body
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.endpoint import Endpoint, Handler, RateClass
from understudy.wires.stytch import session_objects
from understudy.wires.stytch.answers import AnyQuery, endpoint
from understudy.wires.stytch.browser import answer_page, credentials, preflight
from understudy.wires.stytch.requests import AuthenticateImpersonation, AuthenticateSession
from understudy.wires.stytch.session_calls import Answer, begun, carried_on
from understudy.wires.stytch.session_objects import Pointed


async def authenticate_member_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """A session of a member for a token, once, asked for by a page."""
    return await _authenticated(call, Vertical.B2B)


async def authenticate_user_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """A session of a user for a token, once, asked for by a page."""
    return await _authenticated(call, Vertical.CONSUMER)


async def refresh_member_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """A member's live session, as of now, asked for by the page that holds it."""
    return await _refreshed(call, Vertical.B2B)


async def refresh_user_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """A user's live session, as of now, asked for by the page that holds it."""
    return await _refreshed(call, Vertical.CONSUMER)


async def end_member_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """End a member's session, asked for by the page that holds it."""
    return await _ended(call, Vertical.B2B)


async def end_user_in_browser(call: Call[bytes, AnyQuery]) -> Response:
    """End a user's session, asked for by the page that holds it."""
    return await _ended(call, Vertical.CONSUMER)


async def _authenticated(call: Call[bytes, AnyQuery], vertical: Vertical) -> Response:
    async def make(application: Application) -> Answer:
        asked = body.from_json(call.body, AuthenticateImpersonation)
        return await begun(call, asked.impersonation_token, vertical, application)

    def grant_id(reader: Reader) -> GrantId | None:
        # What is no body is told to pages that may call, by `make`.
        with suppress(UnderstudyError):
            asked = body.from_json(call.body, AuthenticateImpersonation)
            token = reader.impersonation_tokens.by_token(asked.impersonation_token)
            return token.grant_id if token is not None else None
        return None

    return await answer_page(call, make, grant_id)


async def _refreshed(call: Call[bytes, AnyQuery], vertical: Vertical) -> Response:
    async def make(application: Application) -> Answer:
        asked = body.from_json(call.body or b"{}", AuthenticateSession)
        return await carried_on(call, _own(call), asked, vertical, application)

    def grant_id(reader: Reader) -> GrantId | None:
        session = reader.sessions.by_token(credentials(call.headers).secret)
        return session.grant_id if session is not None else None

    return await answer_page(call, make, grant_id)


async def _ended(call: Call[bytes, AnyQuery], vertical: Vertical) -> Response:
    """Only what ended nothing is counted: whoever holds the session must be able to end it."""
    ended = False

    async def make(application: Application) -> Answer:
        nonlocal ended
        session_objects.require_vertical(application, vertical)
        own = _own(call)

        def flow(unit: Unit) -> None:
            session_objects.leave(unit, own, application=application, origin=call.origin)

        await call.end(flow)
        ended = True
        return {}

    try:
        return await answer_page(call, make)
    finally:
        if not ended:
            call.count_unknown_token()


def _own(call: Call[bytes, AnyQuery]) -> Pointed:
    return Pointed(token=credentials(call.headers).secret)


def _in_page(path: str, handler: Handler, rate: RateClass, *, ends: bool = False) -> Endpoint:
    return endpoint(
        "POST",
        f"/sdk/v1{path}",
        handler,
        body=bytes,
        body_required=False,
        access=PUBLIC,
        rate=rate,
        preflight=preflight,
        ends=ends,
    )


ENDPOINTS = (
    _in_page("/b2b/impersonation/authenticate", authenticate_member_in_browser, RateClass.SIGN_IN),
    _in_page("/impersonation/authenticate", authenticate_user_in_browser, RateClass.SIGN_IN),
    _in_page("/b2b/sessions/authenticate", refresh_member_in_browser, RateClass.PUBLIC),
    _in_page("/sessions/authenticate", refresh_user_in_browser, RateClass.PUBLIC),
    _in_page("/b2b/sessions/revoke", end_member_in_browser, RateClass.NONE, ends=True),
    _in_page("/sessions/revoke", end_user_in_browser, RateClass.NONE, ends=True),
)
