"""A toy protocol in one file, as CONTRIBUTING.md shows it: pigeons that carry a token home.

It has all that a wire can have: an endpoint with errors of its own shape, a kind of token with its
own life and replay rule, a key use, a hand-off, a webhook format and a setting.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from joserfc import jwt
from starlette.responses import PlainTextResponse, Response

from understudy.core.applications.application import Application
from understudy.core.applications.wire_settings import Part, WireSettings
from understudy.core.impersonation.token_kinds import TokenKind
from understudy.core.notices.events import EventType, Scalar
from understudy.core.ports import Unit
from understudy.errors import InvalidInput, TokenInvalid, UnderstudyError
from understudy.flows.impersonation.exchange import Presented, TokenRefused, exchange
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.notices.messages import Message, MessageFormat, Rendered
from understudy.http.access import APPLICATION
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import Body, Endpoint, RateClass, answers
from understudy.http.incoming import Incoming
from understudy.http.query import NoQuery
from understudy.http.session_jwts import ensure_key, signer
from understudy.http.shapes import Answer, Input
from understudy.http.wire import Wire
from understudy.http.wires import HandOff

NAME = "pigeon"
KEY_USE = "pigeon_note"
TOKEN = TokenKind(name=NAME, life=timedelta(seconds=90), replay_revokes=False)
TYPES = frozenset({EventType.SESSION_STARTED, EventType.SESSION_REVOKED})


class Landing(Input, frozen=True, kw_only=True):
    """What the pigeon carries."""

    token: str


class Landed(Answer, frozen=True, kw_only=True):
    """The session, and a signed note that says so."""

    session_id: str
    session_token: str
    subject_id: str
    note: str


async def land(call: Call[Landing, NoQuery]) -> Landed:
    """The session for a token, once.

    :raises TokenInvalid: for every reason there is; the log knows which.
    """
    node, application = call.node, call.application.application
    await ensure_key(node, application.id, use=KEY_USE)

    def flow(unit: Unit) -> OpenSession | TokenRefused:
        presented = Presented(
            token=call.body.token, application=as_of(unit, application), wire=NAME
        )
        return exchange(unit, presented, kinds=node.wires.token_kinds, origin=call.origin)

    opened = await call.run(flow)
    if isinstance(opened, TokenRefused):
        raise TokenInvalid
    pen = await signer(node, application.id, use=KEY_USE)
    motto = opened.application.settings.wires.get(NAME, {}).get("motto", "")
    said = {"sub": opened.subject.id, "act": {"sub": opened.grant.actor.id}, "motto": motto}
    return Landed(
        session_id=opened.session.id,
        session_token=opened.session_token,
        subject_id=opened.subject.id,
        note=jwt.encode({"alg": "RS256", "kid": pen.kid}, said, pen.key),
    )


def on_error(error: UnderstudyError, _: Incoming) -> Response:
    """Pigeons know one word for what went wrong, and its code."""
    return PlainTextResponse(f"lost: {error.code}", status_code=error.status)


def address(_: Application, redirect_url: str, token: str) -> str:
    """The app's address, with the token where its pages look for it."""
    return f"{redirect_url}?pigeon={token}"


def render(message: Message) -> Rendered | None:
    """A line of text."""
    told = f"{message.type} {message.data.get('session_id', '')}".strip()
    return Rendered(media_type="text/plain", body=told.encode())


def complete(part: Part) -> dict[str, Any]:
    """The part with its defaults.

    :raises InvalidInput: a motto that no ring has room for.
    """
    motto = msgspec.convert(part.get("motto", ""), str)
    if len(motto) > 20:
        raise InvalidInput("A motto has 20 characters at most.")
    return {"motto": motto}


def facts(part: Part) -> dict[str, Scalar]:
    """What an entry tells."""
    return {"pigeon_motto": str(part["motto"])}


WIRE = Wire(
    name=NAME,
    endpoints=(
        Endpoint(
            method="POST",
            path="/pigeon/land",
            operation="pigeon_land",
            summary="Exchange a token",
            tag="pigeon",
            access=APPLICATION,
            handler=land,
            body=Body(type=Landing),
            on_error=on_error,
            answers=answers(Landed),
            rate=RateClass.SESSION,
        ),
    ),
    shapes={"/pigeon/": on_error},
    token_kinds=(TOKEN,),
    key_uses=(KEY_USE,),
    hand_offs=(HandOff(name=NAME, kind=TOKEN, address=address),),
    formats=(MessageFormat(name=NAME, render=render, tellable=TYPES, default_types=TYPES),),
    settings=WireSettings(complete=complete, facts=facts),
)
