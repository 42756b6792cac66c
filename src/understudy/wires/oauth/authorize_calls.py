"""OAuth 2.0 at its customary paths; its neighbours know what it means."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

import msgspec
from starlette.responses import RedirectResponse, Response

from understudy.core.people.principals import Operator, OperatorSession
from understudy.core.ports import KeyUse, Reader
from understudy.errors import NotSignedIn
from understudy.flows.impersonation.launch import OperatorAtBrowser
from understudy.flows.people.sign_in import identify
from understudy.http.absent import given
from understudy.http.access import PUBLIC
from understudy.http.call import Call
from understudy.http.cookies import operator_token
from understudy.http.cross_site import require_own_host
from understudy.http.endpoint import Answered, Endpoint, RateClass, answers
from understudy.http.nonces import new_nonce
from understudy.http.pages import message_page
from understudy.http.presence import require_present
from understudy.http.principal import OperatorPrincipal
from understudy.http.query import NoQuery, parse
from understudy.wires.oauth import issued_token_calls, token_calls
from understudy.wires.oauth.authorize import (
    Code,
    Request,
    SentBack,
    Unredirectable,
    denied,
    location,
    read,
)
from understudy.wires.oauth.authorize import authorize as authorize_launched
from understudy.wires.oauth.client import TAG
from understudy.wires.oauth.metadata import AUTHORIZE_PATH, KEYS_PATH, METADATA_PATH, metadata
from understudy.wires.oauth.schemas import AuthorizationServer, AuthorizeQuery, KeySet, KeysQuery

_SIGN_IN = "Sign in to the dashboard in this browser, and open the app from there."


async def authorize(call: Call[None, AuthorizeQuery]) -> Response:
    """Send the browser back to the app, with a code for the grant that was just launched."""
    node, now = call.node, call.node.clock.latest()
    parameters = parse(call.query_string)
    token = operator_token(call.headers)
    # The dispatcher asks this for signed-in callers alone; here the cookie counts although the
    # endpoint is public.
    require_own_host(call.headers, node.hosts)
    # Before it is known who sits at the browser: what is wrong with the link is the app's to mend.
    request = await call.read(lambda reader: read(reader, parameters))
    if isinstance(request, Unredirectable):
        return _page(request.description)
    result: Code | SentBack
    if isinstance(request, SentBack):
        result = request
    else:
        who = await _at_browser(call, token or "", now)
        result = denied(request, _SIGN_IN) if who is None else await _authorize(call, request, *who)
    return RedirectResponse(
        location(result, issuer=node.settings.public_url),
        status_code=HTTPStatus.SEE_OTHER,
        # The code stands in the address: no cache may keep it, and no page that follows may be told
        # of it.
        headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
    )


async def _at_browser(
    call: Call[None, AuthorizeQuery], token: str, now: datetime
) -> tuple[Operator, OperatorSession] | None:
    """Whose cookie the browser holds, while they are there."""
    who = await call.read(lambda reader: identify(reader, token, now))
    if who is None:
        return None
    operator, session = who
    try:
        principal = OperatorPrincipal(operator=operator, session=session)
        await require_present(call.node, call.incoming, principal)
    except NotSignedIn:
        return None
    return who


async def _authorize(
    call: Call[None, AuthorizeQuery],
    request: Request,
    operator: Operator,
    session: OperatorSession,
) -> Code | SentBack:
    who = OperatorAtBrowser(operator=operator, session=session)
    return await call.run(
        lambda unit: authorize_launched(unit, request, who=who, origin=call.origin)
    )


_USES = (KeyUse.SESSION_JWT, KeyUse.LOGOUT)


async def get_oauth_metadata(call: Call[None, NoQuery]) -> AuthorizationServer:
    """What clients may know beforehand."""
    return msgspec.convert(
        metadata(call.node.settings.public_url), AuthorizationServer, from_attributes=True
    )


async def get_keys(call: Call[None, KeysQuery]) -> KeySet:
    """The keys that verify session JWTs and logout tokens; other wires have places of their own.

    Relying parties look for both where the metadata point (OpenID Back-Channel Logout, section
    2.6). A logout token is no access token by its ``typ`` and by what it lacks.
    """
    wanted = given(call.query.application_id)

    def look_up(reader: Reader) -> KeySet:
        known = [application.id for application in reader.applications.list()]
        ids = known if wanted is None else [id_ for id_ in known if id_ == wanted]
        published, now = call.node.session_keys.published, call.node.clock()
        keys = [key for use in _USES for key in published(reader, ids, now, use=use)]
        return msgspec.convert({"keys": keys}, KeySet)

    return await call.read_long(look_up)


def _page(description: str) -> Response:
    return message_page(
        title="This link cannot be followed",
        paragraphs=(
            description,
            "Go back to the dashboard and open the app from there. If it happens again, whoever "
            "runs the app should check its settings in Understudy.",
        ),
        nonce=new_nonce(),
        status=HTTPStatus.BAD_REQUEST,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path=AUTHORIZE_PATH,
        operation="authorize",
        summary="Answer an armed grant with a code",
        description=(
            "`login_hint` is the grant. Answers once, and only in the browser session of the "
            "operator who launched it; with a redirect to the application in any case, except when "
            "client or redirect URI are not known."
        ),
        tag=TAG,
        access=PUBLIC,
        handler=authorize,
        query=AuthorizeQuery,
        raw_query=True,
        head=False,
        answers=(
            Answered(status=HTTPStatus.SEE_OTHER, media=(), description="Back to the application."),
            Answered(
                status=HTTPStatus.TEMPORARY_REDIRECT,
                media=(),
                description="From another host name to the public URL.",
            ),
            Answered(
                status=HTTPStatus.BAD_REQUEST,
                media=("text/html",),
                description="A page that says what is wrong with client or redirect URI.",
            ),
        ),
        rate=RateClass.PUBLIC,
    ),
    *token_calls.ENDPOINTS,
    *issued_token_calls.ENDPOINTS,
    Endpoint(
        method="GET",
        path=METADATA_PATH,
        operation="get_oauth_metadata",
        summary="Authorization server metadata",
        tag=TAG,
        access=PUBLIC,
        handler=get_oauth_metadata,
        answers=answers(AuthorizationServer),
        rate=RateClass.PUBLIC,
    ),
    Endpoint(
        method="GET",
        path=KEYS_PATH,
        operation="get_keys",
        summary="The keys that verify session JWTs and logout tokens",
        description="Of every application, or of the one that is asked for.",
        tag=TAG,
        access=PUBLIC,
        handler=get_keys,
        query=KeysQuery,
        answers=answers(KeySet),
        rate=RateClass.PUBLIC,
    ),
)
