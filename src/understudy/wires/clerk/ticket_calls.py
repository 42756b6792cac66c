"""Redeeming tickets: our own exchange, and a browser's sign-in in Clerk's shape."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import is_labelled
from understudy.core.ports import Reader, Unit
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.access import BEARER_APPLICATION, PUBLIC
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import FORM, JSON, Body, Endpoint, RateClass
from understudy.http.incoming import Incoming
from understudy.http.node import Node
from understudy.http.query import NoQuery
from understudy.http.session_jwts import ensure_key
from understudy.wires.clerk import tickets
from understudy.wires.clerk.answers import API, ROOT, endpoint, problem_response, session_jwt
from understudy.wires.clerk.errors import ClerkProblem, Code, missing, unfit
from understudy.wires.clerk.jwt import KEY_USE
from understudy.wires.clerk.parameters import Parameters
from understudy.wires.clerk.settings import settings_of

_TICKET = frozenset({"ticket"})
_SIGN_INS = "/client/sign_ins"
_MAX_AGE_SECONDS = "600"

_FOREIGN_ORIGIN = ClerkProblem(
    status=HTTPStatus.BAD_REQUEST,
    code=Code.ORIGIN_INVALID,
    message="Invalid HTTP Origin header",
    detail="Pages of this origin are not registered for the application of this ticket.",
)

_OFF = ClerkProblem(
    status=HTTPStatus.FORBIDDEN,
    code=Code.NOT_ENABLED,
    message="not enabled",
    detail="Signing in by a ticket is switched off for this application. An admin can switch it"
    " on; its own backend exchanges tickets in any case.",
)


async def exchange_ticket(call: Call[dict[str, Any], NoQuery]) -> object:
    """The session for a ticket, once, for the application's own backend."""
    node, application = call.node, call.application.application
    ticket = Parameters(call.body, known=_TICKET).required("ticket", longest=tickets.LONGEST)
    opened, now = await _redeemed(call, ticket, application)
    if isinstance(opened, ClerkProblem):
        return problem_response(opened, call.incoming)
    jwt = await session_jwt(node, opened, now)
    return tickets.exchanged(opened, jwt, issuer=node.settings.public_url)


async def sign_in(call: Call[dict[str, str], NoQuery]) -> Response:
    """The session for a ticket, once, for a page of the application that the ticket is of."""
    form, origin = call.body, call.headers.get("origin")
    ticket = _ticket_of(form)
    held = await call.read(lambda reader: tickets.known_ticket(reader, ticket))
    if held is None:
        return problem_response(tickets.INVALID, call.incoming)
    application = held.application
    if not settings_of(application).ticket_sign_in:
        return problem_response(_OFF, call.incoming)
    # Absent is foreign: whoever holds no secret proves nothing else.
    if origin is None or not tickets.is_its_home(held, origin):
        return problem_response(_FOREIGN_ORIGIN, call.incoming)
    allowed = _cors(origin)
    opened, now = await _redeemed(call, ticket, application)
    if isinstance(opened, ClerkProblem):
        return problem_response(opened, call.incoming, headers=allowed)
    jwt = await session_jwt(call.node, opened, now, origin=origin)
    found = tickets.sign_in(opened, jwt, issuer=call.node.settings.public_url)
    headers = {"cache-control": "no-store", **allowed}
    return Response(msgspec.json.encode(found), headers=headers, media_type=JSON)


async def preflight(node: Node, request: Incoming) -> Response:
    """What browsers ask before a page of an app may call (Fetch, section 4.8)."""
    origin = request.headers.get("origin", "")
    headers = {"vary": "origin", "allow": "OPTIONS, POST"}

    def is_allowed(reader: Reader) -> bool:
        # Whose ticket it is comes with the call itself, and is looked at there. An origin of a
        # session may be of an earlier setting.
        return any(
            settings_of(known).ticket_sign_in
            and (tickets.is_at_home(known, origin) or is_labelled(origin))
            for known in reader.applications.list()
        )

    if await node.read(is_allowed):
        headers |= _cors(origin) | {
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "authorization, content-type",
            "access-control-max-age": _MAX_AGE_SECONDS,
        }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


async def _redeemed(
    call: Call[Any, NoQuery], ticket: str, application: Application
) -> tuple[OpenSession | ClerkProblem, datetime]:
    # Beforehand: the ticket is used up by then.
    await ensure_key(call.node, application.id, use=KEY_USE)

    def flow(unit: Unit) -> tuple[OpenSession | ClerkProblem, datetime]:
        current = as_of(unit, application)
        return tickets.redeem(
            unit, ticket, application=current, kinds=call.node.wires.token_kinds, origin=call.origin
        ), unit.now

    return await call.run(flow)


def _ticket_of(form: dict[str, str]) -> str:
    if form.get("strategy", tickets.STRATEGY) != tickets.STRATEGY:
        raise unfit("strategy", "Only strategy=ticket signs anybody in here.")
    if not form.get("ticket"):
        raise missing("ticket")
    return form["ticket"]


def _cors(origin: str) -> dict[str, str]:
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "vary": "origin",
    }


def _sign_in_at(base: str, operation: str) -> Endpoint:
    return endpoint(
        method="POST",
        path=f"{base}{_SIGN_INS}",
        operation=operation,
        summary="Sign in by a ticket",
        access=PUBLIC,
        handler=sign_in,
        body=Body(type=dict[str, str], media=(FORM,)),
        raw_query=True,
        preflight=preflight,
        rate=RateClass.PUBLIC,
    )


ENDPOINTS = (
    endpoint(
        method="POST",
        path=f"{API}/tickets/exchange",
        operation="clerk_exchange_ticket",
        summary="Exchange a ticket for a session",
        access=BEARER_APPLICATION,
        handler=exchange_ticket,
        body=Body(type=dict[str, Any]),
        rate=RateClass.SESSION,
    ),
    _sign_in_at(API, "clerk_sign_in"),
    _sign_in_at(ROOT, "clerk_sign_in_at_root"),
)
