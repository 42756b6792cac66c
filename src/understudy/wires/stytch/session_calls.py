"""Stytch's impersonation and sessions, at the paths that its SDKs call."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from understudy.core.applications.application import Application, Vertical
from understudy.core.ports import Reader, Unit
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import RateClass
from understudy.http.node import Node
from understudy.http.session_jwts import ensure_key, signer
from understudy.http.shapes import Id
from understudy.wires.stytch import jwt, members, organizations, session_objects, users
from understudy.wires.stytch.answers import AnyQuery, answered, endpoint, own
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.jwt import KEY_USE
from understudy.wires.stytch.pointing import member_session, named, pointed_at, require_one
from understudy.wires.stytch.requests import (
    AuthenticateImpersonation,
    AuthenticateSession,
    ExchangeSession,
    RevokeSession,
)
from understudy.wires.stytch.session_objects import Pointed


class MemberQuery(AnyQuery, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Whose sessions are wanted."""

    organization_id: Id
    member_id: Id


class UserQuery(AnyQuery, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Whose sessions are wanted."""

    user_id: Id


Answer = Mapping[str, Any]


async def authenticate_member_impersonation(
    call: Call[AuthenticateImpersonation, AnyQuery],
) -> Answer:
    """A session of a member for a token, once."""
    token, application = call.body.impersonation_token, call.application.application
    opened = await begun(call, token, Vertical.B2B, application)
    return answered(call, opened)


async def authenticate_user_impersonation(
    call: Call[AuthenticateImpersonation, AnyQuery],
) -> Answer:
    """A session of a user for a token, once."""
    token, application = call.body.impersonation_token, call.application.application
    opened = await begun(call, token, Vertical.CONSUMER, application)
    return answered(call, opened)


async def begun(
    call: Call[Any, Any], token: str, vertical: Vertical, application: Application
) -> Answer:
    """What a token is exchanged for, by whichever way it came.

    :raises NotSignedIn: the token is refused.
    :raises InvalidInput: the application is of the other kind; then nothing happens to the token.
    """
    session_objects.require_vertical(application, vertical)
    # Beforehand: the token is used up by then.
    await ensure_key(call.node, application.id, use=KEY_USE)

    def flow(unit: Unit) -> tuple[OpenSession | None, Application, datetime]:
        current = as_of(unit, application)
        session_objects.require_vertical(current, vertical)
        opened = session_objects.begin(
            unit, token, application=current, kinds=call.node.wires.token_kinds, origin=call.origin
        )
        return opened, current, unit.now

    opened, current, now = await call.run(flow)
    if opened is None:
        raise session_objects.not_begun(current)
    return {
        **await _answer(call.node, opened, now),
        **session_objects.authenticated(opened),
    }


async def authenticate_member_session(call: Call[AuthenticateSession, AnyQuery]) -> Answer:
    """A member's live session, as of now."""
    return await _authenticated(call, Vertical.B2B)


async def authenticate_user_session(call: Call[AuthenticateSession, AnyQuery]) -> Answer:
    """A user's live session, as of now."""
    return await _authenticated(call, Vertical.CONSUMER)


async def _authenticated(call: Call[AuthenticateSession, AnyQuery], vertical: Vertical) -> Answer:
    body = call.body
    pointed = await pointed_at(call, body.session_token, body.session_jwt)
    application = call.application.application
    return answered(call, await carried_on(call, pointed, body, vertical, application))


async def carried_on(
    call: Call[Any, Any],
    pointed: Pointed,
    asked: AuthenticateSession,
    vertical: Vertical,
    application: Application,
) -> Answer:
    """The session that is meant, as of now, with a fresh JWT; whoever it was that asked.

    :raises NotFound: no live session of the application.
    :raises InvalidInput: the application is of the other kind.
    """
    minutes, check = asked.session_duration_minutes, asked.authorization_check
    if minutes is not None and minutes not in session_objects.MINUTES:
        raise refused(
            ErrorType.INVALID_DURATION, "session_duration_minutes lies between 5 and 527040."
        )

    def flow(unit: Unit) -> tuple[tuple[OpenSession, list[str]] | None, datetime]:
        current = as_of(unit, application)
        session_objects.require_vertical(current, vertical)
        found = session_objects.carry_on(
            unit, pointed, application=current, check=check, origin=call.origin
        )
        return found, unit.now

    found, now = await call.run(flow)
    if found is None:
        raise session_objects.session_not_found()
    opened, granting = found
    verdict = {"verdict": {"authorized": True, "granting_roles": granting}} if check else {}
    return {**await _answer(call.node, opened, now), **verdict}


async def exchange_member_session(call: Call[ExchangeSession, AnyQuery]) -> Answer:
    """Refuse to move a session to another organization.

    :raises InvalidInput: always, when the session lives.
    """
    pointed = await pointed_at(call, call.body.session_token, call.body.session_jwt)

    def flow(unit: Unit) -> bool:
        application = own(call, unit, Vertical.B2B)
        return session_objects.is_open(unit, pointed, application=application)

    if not await call.run(flow):
        raise session_objects.session_not_found()
    raise session_objects.not_mutable()


async def revoke_member_session(call: Call[RevokeSession, AnyQuery]) -> Answer:
    """End a member's session, or all of them."""
    body = call.body
    given = [body.member_session_id, body.session_token, body.session_jwt, body.member_id]
    require_one(given, ErrorType.NO_REVOKE_ARGUMENTS, ErrorType.TOO_MANY_REVOKE_ARGUMENTS)
    pointed = None
    if body.member_id is None:
        pointed = await named(call, body.member_session_id)
    in_name_of = await member_session(call)

    def flow(unit: Unit) -> None:
        application = own(call, unit, Vertical.B2B)
        if in_name_of is not None:
            session_objects.require_own_member(
                unit, in_name_of, pointed, body.member_id, application=application
            )
        if pointed is not None:
            session_objects.revoke(
                unit, pointed, application=application, by=call.party, origin=call.origin
            )
        else:
            member = members.anywhere(unit, application.id, body.member_id or "")
            session_objects.revoke_all(unit, member, by=call.party, origin=call.origin)

    await call.end(flow)
    return answered(call, {})


async def revoke_user_session(call: Call[RevokeSession, AnyQuery]) -> Answer:
    """End a user's session."""
    body = call.body
    given = [body.session_id, body.session_token, body.session_jwt]
    require_one(given, ErrorType.NO_REVOKE_ARGUMENTS, ErrorType.TOO_MANY_REVOKE_ARGUMENTS)
    pointed = await named(call, body.session_id)

    def flow(unit: Unit) -> None:
        application = own(call, unit, Vertical.CONSUMER)
        session_objects.revoke(
            unit, pointed, application=application, by=call.party, origin=call.origin
        )

    await call.end(flow)
    return answered(call, {})


async def get_member_sessions(call: Call[None, MemberQuery]) -> Answer:
    """The live sessions in which somebody works as a member."""

    def look_up(reader: Reader) -> list[dict[str, Any]]:
        application = own(call, reader, Vertical.B2B)
        organization = organizations.find(reader, application.id, call.query.organization_id)
        member = members.find(reader, organization, call.query.member_id)
        node = call.node
        return session_objects.live_sessions(
            reader, member, organization, issuer=node.settings.public_url, now=node.clock()
        )

    return answered(call, {"member_sessions": await call.read(look_up)})


async def get_user_sessions(call: Call[None, UserQuery]) -> Answer:
    """The live sessions in which somebody works as a user."""

    def look_up(reader: Reader) -> list[dict[str, Any]]:
        application = own(call, reader, Vertical.CONSUMER)
        user = users.find(reader, application.id, call.query.user_id)
        node = call.node
        return session_objects.live_sessions(
            reader, user, None, issuer=node.settings.public_url, now=node.clock()
        )

    return answered(call, {"sessions": await call.read(look_up)})


async def _answer(node: Node, opened: OpenSession, now: datetime) -> dict[str, Any]:
    """The session as an SDK gets it, with a fresh JWT."""
    issuer = node.settings.public_url
    found = await signer(node, opened.application.id, use=KEY_USE)
    contents = jwt.claims(opened, issuer=issuer, now=now)
    # Most of a millisecond of arithmetic; OpenSSL lets other threads run meanwhile.
    signed = await asyncio.to_thread(jwt.sign, contents, found)
    return session_objects.answer(opened, issuer=issuer, jwt=signed)


ENDPOINTS = (
    endpoint(
        "POST",
        "/v1/b2b/impersonation/authenticate",
        authenticate_member_impersonation,
        body=AuthenticateImpersonation,
        rate=RateClass.SESSION,
    ),
    endpoint(
        "POST",
        "/v1/impersonation/authenticate",
        authenticate_user_impersonation,
        body=AuthenticateImpersonation,
        rate=RateClass.SESSION,
    ),
    endpoint(
        "POST",
        "/v1/b2b/sessions/authenticate",
        authenticate_member_session,
        body=AuthenticateSession,
        rate=RateClass.SESSION,
    ),
    endpoint(
        "POST",
        "/v1/sessions/authenticate",
        authenticate_user_session,
        body=AuthenticateSession,
        rate=RateClass.SESSION,
    ),
    endpoint(
        "POST",
        "/v1/b2b/sessions/exchange",
        exchange_member_session,
        body=ExchangeSession,
        rate=RateClass.SESSION,
    ),
    endpoint(
        "POST",
        "/v1/b2b/sessions/revoke",
        revoke_member_session,
        body=RevokeSession,
        ends=True,
        rate=RateClass.NONE,
    ),
    endpoint(
        "POST",
        "/v1/sessions/revoke",
        revoke_user_session,
        body=RevokeSession,
        ends=True,
        rate=RateClass.NONE,
    ),
    endpoint("GET", "/v1/b2b/sessions", get_member_sessions, query=MemberQuery),
    endpoint("GET", "/v1/sessions", get_user_sessions, query=UserQuery),
)
