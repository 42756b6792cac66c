"""The handshake of server-rendered Node apps: a browser comes, and goes back with a nonce."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.responses import RedirectResponse, Response

from understudy.core.ports import Reader, Unit
from understudy.http.access import BEARER_APPLICATION, PUBLIC
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import Endpoint, RateClass
from understudy.http.nonces import new_nonce
from understudy.http.pages import message_page
from understudy.http.query import NoQuery, parse
from understudy.http.session_jwts import ensure_key
from understudy.wires.clerk.accept_page import on_error
from understudy.wires.clerk.answers import API, ROOT, endpoint, problem_response, session_jwt
from understudy.wires.clerk.errors import ClerkProblem
from understudy.wires.clerk.handshake import (
    Nonce,
    Resolved,
    back,
    directives,
    knows,
    resolve,
    seal,
    target_origin,
    visitor,
    visits,
)
from understudy.wires.clerk.jwt import KEY_USE

_HANDSHAKE = "/client/handshake"
_NO_STORE = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


async def shake_hands(call: Call[None, NoQuery]) -> Response:
    """Send the browser back to the app with a nonce, signed in or not; nothing is used up.

    The old session token in the query proves nothing and is not looked at.
    """
    node = call.node
    url = dict(parse(call.query_string)).get("redirect_url", "")
    origin = target_origin(url)
    offered = list(visits(call.headers.get("cookie", "")))

    def look_up(reader: Reader) -> Nonce | None:
        if origin is None:
            return None
        visit = visitor(reader, offered, origin)
        # The origin of a session is known by its visit, also once the setting has changed.
        known = visit is not None or knows(reader, origin)
        return Nonce(origin=origin, visit=visit) if known else None

    found = await call.read(look_up)
    if found is None:
        return _nowhere()
    sealed = seal(node.engine.vault, found, now=node.clock())
    return RedirectResponse(
        back(url, sealed), status_code=HTTPStatus.TEMPORARY_REDIRECT, headers=_NO_STORE
    )


async def get_payload(call: Call[None, NoQuery]) -> object:
    """The cookies that a nonce stands for, once, for the application it was made for."""
    node, application = call.node, call.application.application
    text = dict(parse(call.query_string)).get("nonce", "")
    # Beforehand: nonce and ticket are used up by then.
    await ensure_key(node, application.id, use=KEY_USE)

    def flow(unit: Unit) -> tuple[Resolved | ClerkProblem, datetime]:
        current = as_of(unit, application)
        kinds = node.wires.token_kinds
        return resolve(unit, text, application=current, kinds=kinds, origin=call.origin), unit.now

    resolved, now = await call.run(flow)
    if isinstance(resolved, ClerkProblem):
        return problem_response(resolved, call.incoming)
    jwt = await _jwt(call, resolved, now)
    return {"directives": directives(resolved, jwt)}


async def _jwt(call: Call[Any, NoQuery], resolved: Resolved, now: datetime) -> str | None:
    if resolved.opened is None:
        return None
    return await session_jwt(call.node, resolved.opened, now, origin=resolved.origin)


def _nowhere() -> Response:
    return message_page(
        title="This link cannot be followed",
        paragraphs=(
            "The address to return to belongs to no application that is registered here. "
            "Whoever runs the app should add it as a redirect URL in Understudy.",
        ),
        nonce=new_nonce(),
        status=HTTPStatus.BAD_REQUEST,
    )


def _at(base: str, suffix: str) -> Endpoint:
    return endpoint(
        method="GET",
        path=f"{base}{_HANDSHAKE}",
        operation=f"clerk_handshake{suffix}",
        summary="Hand a browser back with a nonce",
        access=PUBLIC,
        handler=shake_hands,
        raw_query=True,
        on_error=on_error,
        rate=RateClass.PUBLIC,
    )


ENDPOINTS = (
    _at(API, ""),
    _at(ROOT, "_at_root"),
    endpoint(
        method="GET",
        path=f"{API}/clients/handshake_payload",
        operation="clerk_get_handshake_payload",
        summary="What a nonce stands for",
        access=BEARER_APPLICATION,
        handler=get_payload,
        raw_query=True,
        head=False,
        rate=RateClass.SESSION,
    ),
)
