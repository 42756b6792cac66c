"""Introspection and revocation of tokens that were issued."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import Party, PartyKind
from understudy.errors import EndedHereOnly, Unavailable
from understudy.flows.impersonation.open_session import Over
from understudy.http.access import PUBLIC
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.ending_unread import end_unread
from understudy.http.endpoint import FORM, Answered, Body, Endpoint, RateClass, answers
from understudy.http.query import NoQuery
from understudy.wires.oauth.client import (
    ERRORS,
    SIGNS_IN,
    TAG,
    client,
    named_client,
    oauth_error,
    on_error,
)
from understudy.wires.oauth.introspect import introspect
from understudy.wires.oauth.metadata import INTROSPECT_PATH, REVOKE_PATH
from understudy.wires.oauth.revoke import revoke
from understudy.wires.oauth.schemas import Introspection, TokenToInspect, TokenToRevoke
from understudy.wires.oauth.token import invalid

_MISSING = invalid("token is missing.")


async def introspect_token(call: Call[TokenToInspect, NoQuery]) -> Introspection | Response:
    """What a token is right now; a session that may go on no longer is ended on the way."""
    node, now, token = call.node, call.node.clock.latest(), call.body.token
    application = await client(call)
    if not token:
        return oauth_error(_MISSING)
    found = await call.look(
        lambda reader: introspect(
            reader,
            token,
            application=as_of(reader, application),
            issuer=node.settings.public_url,
            keys=node.session_keys,
            vault=node.engine.vault,
            now=now,
        )
    )
    if isinstance(found, Over):
        if found.cause is None:
            call.count_unknown_token()
        return Introspection(active=False)
    told = {**found.claims, "active": True}
    if found.bearer:
        told["token_type"] = "Bearer"  # noqa: S105  # the scheme (RFC 6750)
    return msgspec.convert(told, Introspection)


async def revoke_token(call: Call[TokenToRevoke, NoQuery]) -> Response:
    """End the session behind a token; the answer is the same for a token of nobody's."""
    if not call.body.token:
        await client(call)
        return oauth_error(_MISSING)
    try:
        await _revoke(call)
    except EndedHereOnly:
        raise
    except Unavailable as error:
        # A token ends its own session where it is known, even if the secret cannot be checked.
        seen = call.node.last_seen.of_token(call.body.token)
        if seen is None or seen.application_id != named_client(call):
            raise
        by = Party(kind=PartyKind.APPLICATION, ref=seen.application_id)
        raise await end_unread(call, seen, cause=EndCause.REVOKED, by=by) from error
    # 200 for whatever it was (RFC 7009, section 2.2): a client could do nothing about it.
    return Response(status_code=HTTPStatus.OK, headers={"cache-control": "no-store"})


async def _revoke(call: Call[TokenToRevoke, NoQuery]) -> None:
    node = call.node
    application = await client(call)
    # The status is the same whether or not it is logged: RFC 7009 knows but one.
    await call.end(
        lambda unit: revoke(
            unit,
            call.body.token,
            application=application,
            issuer=node.settings.public_url,
            keys=node.session_keys,
            origin=call.origin,
        )
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path=INTROSPECT_PATH,
        operation="introspect_token",
        ends=True,
        summary="Whether a session JWT or a session token is good right now",
        description=(
            "RFC 7662. Of a token that is over, unknown, or another application's, nothing is told "
            "but `active: false`. " + SIGNS_IN
        ),
        tag=TAG,
        access=PUBLIC,
        handler=introspect_token,
        body=Body(type=TokenToInspect, media=(FORM,)),
        on_error=on_error,
        answers=(*answers(Introspection), *ERRORS),
        rate=RateClass.SESSION,
    ),
    Endpoint(
        method="POST",
        path=REVOKE_PATH,
        operation="revoke_token",
        ends=True,
        summary="End the session of a session JWT or a session token",
        description=(
            "RFC 7009. Either of the two ends the whole session. A token of nobody's, or another "
            "application's, changes nothing and is answered alike. " + SIGNS_IN
        ),
        tag=TAG,
        access=PUBLIC,
        handler=revoke_token,
        body=Body(type=TokenToRevoke, media=(FORM,)),
        on_error=on_error,
        answers=(Answered(media=(), description="Done, or nothing to do."), *ERRORS),
        rate=RateClass.SESSION,
        counts_itself=True,  # what was wrong counts, and revoking never does
    ),
)
