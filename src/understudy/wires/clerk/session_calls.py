"""Sessions for Clerk's SDKs: the calling application's own, however they were begun."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from understudy.core.ports import Reader, Unit
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.access import BEARER_APPLICATION
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import Body, RateClass
from understudy.http.query import NoQuery, parse
from understudy.http.session_jwts import ensure_key
from understudy.wires.clerk import session_objects
from understudy.wires.clerk.answers import API, answer, endpoint, problem_response, session_jwt
from understudy.wires.clerk.errors import ClerkProblem, Code
from understudy.wires.clerk.jwt import KEY_USE, LIFE
from understudy.wires.clerk.parameters import Parameters
from understudy.wires.clerk.session_ids import meant

_TOKEN_PARAMETERS = frozenset({"expires_in_seconds"})
_MOST_SECONDS = int(LIFE.total_seconds())

_NOT_MADE_HERE = ClerkProblem(
    status=HTTPStatus.BAD_REQUEST,
    code=Code.SESSION_CREATION,
    message="is not possible",
    detail="Sessions begin with an actor token: create one, and redeem its ticket.",
)
_NOT_REFRESHED = ClerkProblem(
    status=HTTPStatus.UNAUTHORIZED,
    code=Code.FORBIDDEN,
    message="is not possible",
    detail="There are no refresh tokens here. The handshake gives browsers a new session token.",
)


async def list_sessions(call: Call[None, NoQuery]) -> object:
    """Sessions, newest first."""
    application = call.application.application
    query = session_objects.read_query(parse(call.query_string))

    def look_up(reader: Reader) -> object:
        return session_objects.listed(
            reader,
            query,
            application=application,
            issuer=_issuer(call),
            now=call.node.clock.latest(),
        )

    return await call.read_long(look_up)


async def get_session(call: Call[None, NoQuery]) -> object:
    """One session."""

    def look_up(reader: Reader) -> object:
        return session_objects.get(
            reader,
            meant(call.path["session_id"]),
            application=call.application.application,
            issuer=_issuer(call),
            now=call.node.clock.latest(),
        )

    return answer(await call.read(look_up), call.incoming)


async def revoke_session(call: Call[Any, NoQuery]) -> object:
    """End a session."""

    def flow(unit: Unit) -> object:
        return session_objects.revoke(
            unit,
            meant(call.path["session_id"]),
            application=call.application.application,
            by=call.party,
            issuer=_issuer(call),
            origin=call.origin,
        )

    return answer((await call.end(flow)).value, call.incoming)


async def create_token(call: Call[dict[str, Any], NoQuery]) -> object:
    """A JWT of a live session; a template's name changes nothing, ``act`` is always there."""
    node, application = call.node, call.application.application
    given = Parameters(call.body, known=_TOKEN_PARAMETERS)
    seconds = min(given.seconds("expires_in_seconds", _MOST_SECONDS), _MOST_SECONDS)
    await ensure_key(node, application.id, use=KEY_USE)

    def flow(unit: Unit) -> tuple[OpenSession | ClerkProblem, datetime]:
        opened = session_objects.awake(
            unit,
            meant(call.path["session_id"]),
            application=as_of(unit, application),
            origin=call.origin,
        )
        return opened, unit.now

    opened, now = await call.run(flow)
    if isinstance(opened, ClerkProblem):
        return problem_response(opened, call.incoming)
    life = timedelta(seconds=seconds)
    return {"object": "token", "jwt": await session_jwt(node, opened, now, life=life)}


async def refuse_session(call: Call[Any, NoQuery]) -> object:
    """Say how sessions begin."""
    return problem_response(_NOT_MADE_HERE, call.incoming)


async def refuse_refresh(call: Call[Any, NoQuery]) -> object:
    """Send the SDK to the handshake."""
    return problem_response(_NOT_REFRESHED, call.incoming)


def _issuer(call: Call[Any, NoQuery]) -> str:
    return call.node.settings.public_url


_NOTHING = Body(type=dict[str, Any], required=False)
_ONE = f"{API}/sessions/{{session_id}}"

ENDPOINTS = (
    endpoint(
        method="GET",
        path=f"{API}/sessions",
        operation="clerk_list_sessions",
        summary="List sessions",
        access=BEARER_APPLICATION,
        handler=list_sessions,
        raw_query=True,
    ),
    endpoint(
        method="POST",
        path=f"{API}/sessions",
        operation="clerk_create_session",
        summary="Refuse a session without an actor",
        access=BEARER_APPLICATION,
        handler=refuse_session,
        body=_NOTHING,
    ),
    endpoint(
        method="GET",
        path=_ONE,
        operation="clerk_get_session",
        summary="Get a session",
        access=BEARER_APPLICATION,
        handler=get_session,
        raw_query=True,
    ),
    endpoint(
        method="POST",
        path=f"{_ONE}/revoke",
        operation="clerk_revoke_session",
        ends=True,
        summary="Revoke a session",
        access=BEARER_APPLICATION,
        handler=revoke_session,
        body=_NOTHING,
        rate=RateClass.NONE,
    ),
    *(
        endpoint(
            method="POST",
            path=f"{_ONE}/tokens{rest}",
            operation=f"clerk_create_session_token{suffix}",
            summary="Create a session JWT",
            access=BEARER_APPLICATION,
            handler=create_token,
            body=_NOTHING,
            raw_query=True,
            rate=RateClass.SESSION,
        )
        for rest, suffix in (("", ""), ("/{template}", "_by_template"))
    ),
    endpoint(
        method="POST",
        path=f"{_ONE}/refresh",
        operation="clerk_refresh_session",
        summary="Refuse a refresh",
        access=BEARER_APPLICATION,
        handler=refuse_refresh,
        body=_NOTHING,
        raw_query=True,
    ),
)
