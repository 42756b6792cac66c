"""What the endpoints for Clerk's SDKs share: the look of errors, and signed JWTs.

JSON goes out as ``application/json`` to the letter; with a charset behind it the Node SDK takes
every answer for text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from understudy import errors
from understudy.errors import UnderstudyError
from understudy.flows.impersonation.open_session import OpenSession
from understudy.http.endpoint import JSON, Answered, Endpoint
from understudy.http.incoming import Incoming
from understudy.http.node import Node
from understudy.http.nonces import new_jwt_id
from understudy.http.session_jwts import signer
from understudy.wires.clerk import jwt
from understudy.wires.clerk.errors import ClerkProblem, translated
from understudy.wires.clerk.jwt import KEY_USE
from understudy.wires.clerk.tickets import origins

API = "/clerk/v1"
"""Where the API URL of the Python SDK points; Node's leaves ``/v1`` to the SDK."""
ROOT = "/v1"
"""Where browsers are sent when all that an SDK knows is the service's host."""
ONE = (Answered(description="The object, or an error of Clerk's shape."),)


def on_error(error: UnderstudyError, request: Incoming) -> Response:
    """An error of ours in Clerk's shape."""
    problem = translated(error, authorization=request.headers.get("authorization"))
    headers = {}
    if isinstance(error, errors.MethodNotAllowed):
        headers["allow"] = str(error.facts.get("allow", ""))
    seconds = error.facts.get("retry_after_seconds")
    if isinstance(error, errors.Unavailable | errors.TooManyRequests):
        headers["retry-after"] = str(seconds if isinstance(seconds, int) else 1)
    return problem_response(problem, request, headers=headers)


def problem_response(
    problem: ClerkProblem, request: Incoming, *, headers: Mapping[str, str] | None = None
) -> Response:
    """An error answer."""
    found = {"cache-control": "no-store", **(headers or {})}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        found["www-authenticate"] = 'Bearer realm="Understudy"'
    return Response(
        msgspec.json.encode(problem.body(request.request_id)),
        status_code=problem.status,
        headers=found,
        media_type=JSON,
    )


def answer(value: object, request: Incoming) -> object:
    """``value`` as an endpoint answers it: refusals in Clerk's shape, all else as it is."""
    return problem_response(value, request) if isinstance(value, ClerkProblem) else value


async def session_jwt(
    node: Node,
    opened: OpenSession,
    now: datetime,
    *,
    origin: str | None = None,
    life: timedelta = jwt.LIFE,
) -> str:
    """The JWT of a live session for the page at ``origin``; by default at the session's own, or
    else at the app's first.
    """
    application = opened.application
    found = await signer(node, application.id, use=KEY_USE)
    contents = jwt.claims(
        opened,
        issuer=node.settings.public_url,
        authorized_party=origin or opened.grant.origin or next(iter(origins(application)), None),
        now=now,
        jwt_id=new_jwt_id(),
        life=life,
    )
    return await asyncio.to_thread(jwt.sign, contents, found)


endpoint = partial(Endpoint, tag="clerk", answers=ONE, on_error=on_error)
"""An endpoint for these SDKs; success is 200 in every case."""
