"""Which session a call of the Stytch wire means: by its token, its JWT, its id, or a header."""

from __future__ import annotations

from typing import Any

from understudy.core.ids import SessionId
from understudy.http.call import Call
from understudy.wires.stytch import jwt
from understudy.wires.stytch.answers import MEMBER_SESSION, MEMBER_SESSION_JWT, AnyQuery
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.jwt import KEY_USE
from understudy.wires.stytch.requests import RevokeSession
from understudy.wires.stytch.session_objects import Pointed, session_not_found


async def pointed_at(call: Call[Any, Any], token: str | None, token_jwt: str | None) -> Pointed:
    """The session that a token or a JWT stands for; exactly one of them is given."""
    require_one(
        [token, token_jwt], ErrorType.NO_SESSION_ARGUMENTS, ErrorType.TOO_MANY_SESSION_ARGUMENTS
    )
    if token is not None:
        return Pointed(token=token)
    return await _read_jwt(call, token_jwt or "")


async def named(call: Call[RevokeSession, AnyQuery], session_id: SessionId | None) -> Pointed:
    """The session that a revocation names, by its id, its token or its JWT."""
    body = call.body
    if session_id is not None:
        return Pointed(session_id=session_id)
    if body.session_token is not None:
        return Pointed(token=body.session_token)
    return await _read_jwt(call, body.session_jwt or "")


async def _read_jwt(call: Call[Any, Any], text: str) -> Pointed:
    """The session of a JWT that this wire signed for this application; it may be past its end.

    :raises InvalidInput: it is no JWT at all.
    :raises NotFound: it is one, but not ours.
    """
    if not jwt.is_compact(text):
        raise refused(ErrorType.UNREADABLE_JWT, "This is not a JWT.")
    node, project_id = call.node, call.application.id
    keys = await node.read(
        lambda reader: node.session_keys.published(reader, [project_id], node.clock(), use=KEY_USE)
    )
    session_id = jwt.session_id(text, keys, project_id=project_id)
    if session_id is None:
        raise session_not_found()
    return Pointed(session_id=session_id)


async def member_session(call: Call[Any, Any]) -> Pointed | None:
    """The session in whose name the call is made, if it is."""
    token = call.headers.get(MEMBER_SESSION)
    token_jwt = call.headers.get(MEMBER_SESSION_JWT)
    if token is None and token_jwt is None:
        return None
    return await pointed_at(call, token, token_jwt)


def require_one(given: list[str | None], none: ErrorType, many: ErrorType) -> None:
    """Return only if exactly one of ``given`` is there.

    :raises InvalidInput: of the type ``none`` or ``many``.
    """
    count = sum(value is not None for value in given)
    if count == 0:
        raise refused(none, "Say which session is meant.")
    if count > 1:
        raise refused(many, "Name the session in one way only.")
