"""OAuth 2.0 at its customary paths; ``understudy.wire.oauth`` knows what it means."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

import msgspec
from starlette.responses import RedirectResponse, Response

from understudy.core.ports import Reader, Unit
from understudy.core.principals import Application, Operator, OperatorSession
from understudy.errors import MalformedRequest, NotSignedIn, UnderstudyError
from understudy.flows.launch import OperatorAtBrowser
from understudy.flows.open_session import OpenSession
from understudy.flows.sign_in import identify
from understudy.service.absent import given
from understudy.service.access import PUBLIC
from understudy.service.authentication import (
    ApplicationCredentials,
    authenticate_application,
    parse_basic,
)
from understudy.service.bounds import as_of
from understudy.service.call import Call
from understudy.service.cookies import operator_token
from understudy.service.cross_site import require_own_host
from understudy.service.endpoint import FORM, JSON, Answered, Body, Endpoint, RateClass, answers
from understudy.service.jwts import ensure_key, session_jwt
from understudy.service.nonces import new_nonce
from understudy.service.pages import message_page
from understudy.service.query import parse
from understudy.service.schemas.oauth import (
    AuthorizationServer,
    KeySet,
    OAuthError,
    TokenAnswer,
    TokenRequest,
)
from understudy.service.schemas.queries import AuthorizeQuery, KeysQuery, NoQuery
from understudy.wire.oauth.authorize import (
    Code,
    Request,
    SentBack,
    Unredirectable,
    denied,
    location,
    read,
)
from understudy.wire.oauth.authorize import authorize as authorize_launched
from understudy.wire.oauth.errors import OAuthProblem, translated
from understudy.wire.oauth.jwt import expires_in
from understudy.wire.oauth.metadata import (
    AUTHORIZE_PATH,
    KEYS_PATH,
    METADATA_PATH,
    TOKEN_PATH,
    metadata,
)
from understudy.wire.oauth.token import Asked, problem_with, redeem

_TAG = "oauth"
_SIGN_IN = "Sign in to the dashboard in this browser, and open the app from there."
_ERRORS = (
    Answered(type=OAuthError, status=HTTPStatus.BAD_REQUEST, description="RFC 6749, section 5.2."),
    Answered(type=OAuthError, status=HTTPStatus.UNAUTHORIZED, description="`invalid_client`."),
)


async def authorize(call: Call[None, AuthorizeQuery]) -> Response:
    """Send the browser back to the app, with a code for the grant that was just launched."""
    node, now = call.node, call.node.clock()
    parameters = parse(call.query_string)
    token = operator_token(call.headers)
    require_own_host(call.headers, node.hosts)
    request = await call.read(lambda reader: read(reader, parameters))
    if isinstance(request, Unredirectable):
        return _page(request.description)
    result: Code | SentBack
    if isinstance(request, SentBack):
        result = request
    else:
        who = await call.read(lambda reader: identify(reader, token or "", now))
        result = denied(request, _SIGN_IN) if who is None else await _authorize(call, request, *who)
    return RedirectResponse(
        location(result, issuer=node.settings.public_url),
        status_code=HTTPStatus.SEE_OTHER,
        headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
    )


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


async def issue_token(call: Call[TokenRequest, NoQuery]) -> TokenAnswer | Response:
    """A session for a code, as OAuth spells it."""
    node, body = call.node, call.body
    asked = Asked(
        grant_type=body.grant_type,
        code=body.code,
        redirect_uri=body.redirect_uri,
        code_verifier=body.code_verifier,
    )
    application = await _client(call)
    problem = problem_with(asked)
    if problem is not None:
        return oauth_error(problem)
    # Beforehand: the code is used up by then.
    await ensure_key(node, application.id)

    def flow(unit: Unit) -> tuple[OpenSession | OAuthProblem, datetime]:
        current = as_of(unit, application)
        return redeem(unit, asked, application=current, origin=call.origin), unit.now

    opened, now = await call.run(flow)
    if isinstance(opened, OAuthProblem):
        return oauth_error(opened)
    return TokenAnswer(
        access_token=await session_jwt(node, opened, now),
        token_type="Bearer",  # noqa: S106  # the scheme (RFC 6750)
        expires_in=expires_in(opened, now),
        refresh_token=opened.session_token,
        scope=opened.grant.scope.value,
    )


async def get_oauth_metadata(call: Call[None, NoQuery]) -> AuthorizationServer:
    """What clients may know beforehand."""
    return msgspec.convert(
        metadata(call.node.settings.public_url), AuthorizationServer, from_attributes=True
    )


async def get_keys(call: Call[None, KeysQuery]) -> KeySet:
    """The keys that verify session JWTs."""
    wanted = given(call.query.application_id)

    def look_up(reader: Reader) -> KeySet:
        known = [application.id for application in reader.applications.list()]
        ids = known if wanted is None else [id_ for id_ in known if id_ == wanted]
        keys = call.node.session_keys.published(reader, ids, call.node.clock())
        return msgspec.convert({"keys": keys}, KeySet)

    return await call.read_long(look_up)


def on_error(error: UnderstudyError) -> Response:
    """An error of ours as one of RFC 6749."""
    return oauth_error(translated(error))


def oauth_error(problem: OAuthProblem) -> Response:
    """An error answer (RFC 6749, section 5.2)."""
    headers = {"cache-control": "no-store"}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Basic realm="Understudy", charset="UTF-8"'
    body = OAuthError(error=problem.error.value, error_description=problem.description)
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        headers=headers,
        media_type=JSON,
    )


async def _client(call: Call[TokenRequest, NoQuery]) -> Application:
    """The application that asks, by header or by form, never by both (RFC 6749, section 2.3.1)."""
    body, address = call.body, call.incoming.address or ""
    header = call.headers.get("authorization")
    if header is not None and body.client_secret is not None:
        raise MalformedRequest("Send the client's credentials once: in the header or in the form.")
    call.node.rate_limits.require_credible(address)
    try:
        if header is not None:
            credentials = parse_basic(header)
        elif body.client_id is not None and body.client_secret is not None:
            credentials = ApplicationCredentials(
                application_id=body.client_id, secret=body.client_secret
            )
        else:
            raise NotSignedIn("Client credentials are required.")
        if body.client_id not in (None, credentials.application_id):
            raise NotSignedIn("client_id is not the client that signed in.")
        found = await call.node.application(credentials.application_id)
        return authenticate_application(found, credentials, call.node.clock()).application
    except NotSignedIn:
        call.node.rate_limits.count_bad_credentials(address)
        raise


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
        tag=_TAG,
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
    Endpoint(
        method="POST",
        path=TOKEN_PATH,
        operation="issue_token",
        summary="Exchange a code for a session",
        description=(
            "Authorization code with PKCE (S256). The application signs in by HTTP Basic, or with "
            "`client_id` and `client_secret` in the form."
        ),
        tag=_TAG,
        access=PUBLIC,
        handler=issue_token,
        body=Body(type=TokenRequest, media=(FORM,)),
        on_error=on_error,
        answers=(*answers(TokenAnswer), *_ERRORS),
        rate=RateClass.SESSION,
    ),
    Endpoint(
        method="GET",
        path=METADATA_PATH,
        operation="get_oauth_metadata",
        summary="Authorization server metadata",
        tag=_TAG,
        access=PUBLIC,
        handler=get_oauth_metadata,
        answers=answers(AuthorizationServer),
        rate=RateClass.PUBLIC,
    ),
    Endpoint(
        method="GET",
        path=KEYS_PATH,
        operation="get_keys",
        summary="The keys that verify session JWTs",
        tag=_TAG,
        access=PUBLIC,
        handler=get_keys,
        query=KeysQuery,
        answers=answers(KeySet),
        rate=RateClass.PUBLIC,
    ),
)
