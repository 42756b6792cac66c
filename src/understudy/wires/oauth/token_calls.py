"""The token endpoint: a code, a refresh token, or the tokens of an exchange for a session JWT."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET
from starlette.responses import Response

from understudy.core.applications.application import Application
from understudy.core.impersonation.token_kinds import TokenKinds
from understudy.core.ports import Unit
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.http.access import PUBLIC
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import FORM, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.http.session_jwts import ensure_key, session_jwt
from understudy.keys.jwt import expires_in
from understudy.wires.oauth.client import ERRORS, SIGNS_IN, TAG, client, oauth_error, on_error
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem
from understudy.wires.oauth.metadata import TOKEN_PATH
from understudy.wires.oauth.refresh import problem_with_refresh, refreshed
from understudy.wires.oauth.schemas import TokenAnswer, TokenRequest
from understudy.wires.oauth.target import problem_with_scope, problem_with_target
from understudy.wires.oauth.token import (
    GRANT_TYPES,
    Asked,
    GrantType,
    problem_with_code,
    redeem_code,
)
from understudy.wires.oauth.token_exchange import exchanged, issued_type, problem_with_exchange

Made = OpenSession | OAuthProblem


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a use case is told besides what was asked."""

    application: Application
    issuer: str
    kinds: TokenKinds
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class _Grant:
    """How one grant type is answered: what is wrong beforehand, and then the session."""

    problem: Callable[[Asked], OAuthProblem | None]
    made: Callable[[Unit, Asked, _Told], Made]


_GRANTS: Mapping[str, _Grant] = {
    GrantType.CODE: _Grant(
        problem=problem_with_code,
        made=lambda unit, asked, told: redeem_code(
            unit, asked, application=told.application, kinds=told.kinds, origin=told.origin
        ),
    ),
    GrantType.REFRESH: _Grant(
        problem=lambda asked: problem_with_refresh(asked) or problem_with_scope(asked),
        made=lambda unit, asked, told: refreshed(
            unit, asked, application=told.application, origin=told.origin
        ),
    ),
    GrantType.EXCHANGE: _Grant(
        problem=lambda asked: problem_with_exchange(asked) or problem_with_scope(asked),
        made=lambda unit, asked, told: exchanged(
            unit,
            asked,
            application=told.application,
            issuer=told.issuer,
            kinds=told.kinds,
            origin=told.origin,
        ),
    ),
}


async def issue_token(call: Call[TokenRequest, NoQuery]) -> TokenAnswer | Response:
    """A session JWT for whatever the grant type says, with the session token beside it."""
    node, asked = call.node, _asked(call.body)
    application = await client(call)
    grant = _GRANTS.get(asked.grant_type)
    if grant is None:
        return oauth_error(_unsupported())
    problem = grant.problem(asked) or problem_with_target(asked, application)
    if problem is not None:
        return oauth_error(problem)
    # Beforehand: what is presented may be used up by then.
    await ensure_key(node, application.id)

    def flow(unit: Unit) -> tuple[Made, datetime]:
        told = _Told(
            application=as_of(unit, application),
            issuer=node.settings.public_url,
            kinds=node.wires.token_kinds,
            origin=call.origin,
        )
        return grant.made(unit, asked, told), unit.now

    made, now = await call.run(flow)
    if isinstance(made, OAuthProblem):
        return oauth_error(made)
    node.last_seen.note_session(made.session, made.session_token)
    exchanging = asked.grant_type == GrantType.EXCHANGE
    return TokenAnswer(
        access_token=await session_jwt(node, made, now),
        token_type="Bearer",  # noqa: S106  # the scheme (RFC 6750)
        expires_in=expires_in(made, now),
        refresh_token=made.session_token,
        scope=made.grant.scope.value,
        issued_token_type=issued_type(asked) if exchanging else UNSET,
    )


def _asked(body: TokenRequest) -> Asked:
    return Asked(
        grant_type=body.grant_type,
        code=body.code or None,
        redirect_uri=body.redirect_uri or None,
        code_verifier=body.code_verifier or None,
        refresh_token=body.refresh_token or None,
        subject_token=body.subject_token or None,
        subject_token_type=body.subject_token_type or None,
        actor_token=body.actor_token or None,
        actor_token_type=body.actor_token_type or None,
        requested_token_type=body.requested_token_type or None,
        scope=body.scope or None,
        resource=tuple(filter(None, body.resource)),
        audience=tuple(filter(None, body.audience)),
    )


def _unsupported() -> OAuthProblem:
    return OAuthProblem(
        error=ErrorCode.UNSUPPORTED_GRANT_TYPE,
        description=f"The grant_type is one of {', '.join(GRANT_TYPES)}.",
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=TOKEN_PATH,
        operation="issue_token",
        summary="Exchange a code or a token for a session JWT",
        description=(
            "Authorization code with PKCE (S256); token exchange (RFC 8693) of an impersonation "
            "token, or of a subject token with an actor token; refresh token, which is the session "
            "token and never moves the session's end. " + SIGNS_IN
        ),
        tag=TAG,
        access=PUBLIC,
        handler=issue_token,
        body=Body(type=TokenRequest, media=(FORM,)),
        on_error=on_error,
        answers=(*answers(TokenAnswer), *ERRORS),
        rate=RateClass.SESSION,
    ),
)
