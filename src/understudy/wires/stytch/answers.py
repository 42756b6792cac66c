"""What every endpoint of the Stytch wire has in common: its answers, its errors, its callers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from understudy.core.applications.application import Application, Vertical
from understudy.core.ports import Reader
from understudy.errors import UnderstudyError
from understudy.http.access import APPLICATION, Access
from understudy.http.app_users import require_kept_here
from understudy.http.bounds import as_of
from understudy.http.call import Call
from understudy.http.endpoint import (
    JSON,
    MAX_BODY_BYTES,
    Answered,
    Body,
    Endpoint,
    Handler,
    Preflight,
    RateClass,
)
from understudy.http.incoming import Incoming
from understudy.http.problems import retry_after
from understudy.http.query import Query
from understudy.wires.stytch.errors import ErrorType, problem_of, refused
from understudy.wires.stytch.organizations import Caller
from understudy.wires.stytch.session_objects import require_vertical

MEMBER_SESSION = "x-stytch-member-session"
MEMBER_SESSION_JWT = "x-stytch-member-sessionjwt"


class AnyQuery(Query, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Query parameters that nobody looks at: an SDK repeats those of the path."""


def answered(call: Call[Any, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as the SDKs require it: they take status and request id from the body."""
    return {
        "status_code": int(HTTPStatus.OK),
        "request_id": call.incoming.request_id,
        **facts,
    }


def on_error(error: UnderstudyError, request: Incoming) -> Response:
    """An error in the shape of this wire, whatever it was and wherever it came from."""
    problem = problem_of(error)
    headers = {"cache-control": "no-store"}
    seconds = retry_after(error)
    if seconds is not None:
        headers["retry-after"] = str(seconds)
    if problem.status == HTTPStatus.UNAUTHORIZED and "sec-fetch-site" not in request.headers:
        headers["www-authenticate"] = 'Basic realm="Understudy", charset="UTF-8"'
    if problem.error_type is ErrorType.METHOD_NOT_ALLOWED:
        headers["allow"] = str(error.facts.get("allow", ""))
    return Response(
        msgspec.json.encode(problem.body(request.request_id)),
        status_code=problem.status,
        headers=headers,
        media_type=JSON,
    )


def own(call: Call[Any, Any], reader: Reader, vertical: Vertical | None) -> Application:
    """The application that calls, as ``reader`` sees it.

    :raises InvalidInput: when the endpoint is for applications of the other kind.
    """
    application = as_of(reader, call.application.application)
    if vertical is not None:
        require_vertical(application, vertical)
    return application


def caller(call: Call[Any, Any], reader: Reader, vertical: Vertical) -> Caller:
    """The application that calls, for what is written down."""
    return Caller(application=own(call, reader, vertical), by=call.party, origin=call.origin)


def kept_here(handler: Handler) -> Handler:
    """``handler``, which changes users or organizations, unless they are those of an embedding app.

    :raises ManagedByApp: see ``require_kept_here``.
    """

    @wraps(handler)
    async def kept(call: Call[Any, Any]) -> object:
        await require_kept_here(call, lambda reader: own(call, reader, None))
        return await handler(call)

    return kept


def refuse_member_session(call: Call[Any, Any]) -> None:
    """Return only if the application calls in its own name.

    What a member may change in the directory nobody here decides; and whoever works as a member
    must not change it in the member's name.

    :raises PermissionMissing: when a member's session comes with the call.
    """
    if MEMBER_SESSION in call.headers or MEMBER_SESSION_JWT in call.headers:
        raise refused(
            ErrorType.AUTHORIZATION,
            "Calls in the name of a member session are not taken here. Leave the header out.",
        )


def endpoint(
    method: str,
    path: str,
    handler: Handler,
    *,
    body: Any = None,  # noqa: ANN401  # whatever msgspec can decode
    body_required: bool = True,
    query: type[Query] = AnyQuery,
    access: Access = APPLICATION,
    rate: RateClass = RateClass.READ,
    max_bytes: int = MAX_BODY_BYTES,
    preflight: Preflight | None = None,
    ends: bool = False,
) -> Endpoint:
    """One endpoint of this wire. It is described by its vendor, not by our reference."""
    return Endpoint(
        method=method,
        path=path,
        operation=f"stytch_{handler.__name__}",
        summary=(handler.__doc__ or "").partition("\n")[0],
        tag="stytch",
        access=access,
        handler=handler,
        body=None if body is None else Body(type=body, required=body_required, max_bytes=max_bytes),
        query=query,
        answers=(Answered(type=dict),),
        rate=rate,
        on_error=on_error,
        preflight=preflight,
        ends=ends,
    )
