"""What a page may ask of the Stytch wire: where it is let in, and how it reads the answer.

The public token is no secret: whoever has the impersonation token could do the same from anywhere.
So this is off unless an admin switches it on, and only pages of the origins that the admin wrote
down are answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import is_labelled
from understudy.core.ids import GrantId
from understudy.core.people.principals import Status
from understudy.core.ports import Reader
from understudy.errors import NotSignedIn, UnderstudyError
from understudy.http.authentication import ApplicationCredentials, parse_basic
from understudy.http.call import Call
from understudy.http.endpoint import JSON
from understudy.http.incoming import Headers, Incoming
from understudy.http.node import Node
from understudy.wires.stytch.answers import AnyQuery, answered, on_error
from understudy.wires.stytch.errors import ErrorType, refused
from understudy.wires.stytch.project import application_of
from understudy.wires.stytch.session_calls import Answer
from understudy.wires.stytch.settings import settings_of

_REMEMBERED_SECONDS = 600
_ALLOWED_HEADERS = "authorization, content-type, x-sdk-client, x-sdk-parent-host"


async def preflight(node: Node, request: Incoming) -> Response:
    """Whether a page of this origin may call at all; which application it means is not said yet."""
    origin = request.headers.get("origin", "")

    def is_allowed(reader: Reader) -> bool:
        # Whose session it is comes with the call itself, and is looked at there.
        return any(_may_be_admitted(known, origin) for known in reader.applications.list())

    if not await node.read(is_allowed):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"vary": "Origin"})
    return Response(
        status_code=HTTPStatus.NO_CONTENT,
        headers={
            **_cross_origin(origin),
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": _ALLOWED_HEADERS,
            "access-control-max-age": str(_REMEMBERED_SECONDS),
        },
    )


async def answer_page(
    call: Call[bytes, AnyQuery],
    make: Callable[[Application], Awaitable[Answer]],
    grant_id_of: Callable[[Reader], GrantId | None] | None = None,
) -> Response:
    """What ``make`` answers for the application that the public token names, if its pages may call.

    What is asked for is of the grant that ``grant_id_of`` finds. If it has an origin of its own,
    only pages of that one may call. Without ``grant_id_of`` that is not asked, as for an end, which
    works where nothing can be looked up. Of errors, too, the page is to learn what they are.

    :raises UnderstudyError: a page that may not call, or a fault of our own.
    """
    application = await _application(call)
    origin = call.headers.get("origin", "")
    if grant_id_of is None:
        admitted = _may_be_admitted(application, origin)
    else:
        find = grant_id_of
        admitted = await call.read(lambda reader: _may_call(reader, application, origin, find))
    if not admitted:
        raise refused(
            ErrorType.BAD_DOMAIN, "An admin has to add the origin of this page under Settings."
        )
    try:
        found = await make(application)
    except UnderstudyError as error:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        answer = on_error(error, call.incoming)
    else:
        content = answered(call, {"data": answered(call, found)})
        answer = Response(msgspec.json.encode(content), media_type=JSON)
    answer.headers.update(_cross_origin(origin))
    return answer


async def _application(call: Call[bytes, AnyQuery]) -> Application:
    """The application that the public token names, if its pages may call.

    :raises NotFound: no such application.
    :raises PermissionMissing: the browser SDK is off in it.
    """
    application_id = application_of(credentials(call.headers).application_id)
    application = await call.node.application(application_id) if application_id else None
    if application is None or application.status is not Status.ACTIVE:
        raise refused(ErrorType.PUBLIC_TOKEN_NOT_FOUND, "There is no such public token.")
    if not settings_of(application).browser_sdk:
        raise refused(
            ErrorType.SDK_OFF,
            "The browser SDK is switched off for this application. An admin can switch it on.",
        )
    return application


def credentials(headers: Headers) -> ApplicationCredentials:
    """The public token as the user of the Basic header; its password is what a page proves.

    That is a session token, or the public token again.
    """
    header = headers.get("authorization")
    if header is None:
        raise NotSignedIn("Send the public token as the user of a Basic header.")
    return parse_basic(header)


def _may_call(
    reader: Reader,
    application: Application,
    origin: str,
    grant_id_of: Callable[[Reader], GrantId | None],
) -> bool:
    grant_id = grant_id_of(reader)
    grant = reader.grants.get(grant_id) if grant_id is not None else None
    own = grant.origin if grant is not None and grant.application_id == application.id else None
    if own is None:
        return _admits(application, origin)
    return _is_open(application) and origin == own


def _may_be_admitted(application: Application, origin: str) -> bool:
    of_a_session = _is_open(application) and is_labelled(origin)
    return of_a_session or _admits(application, origin)


def _admits(application: Application, origin: str) -> bool:
    return _is_open(application) and origin in settings_of(application).browser_origins


def _is_open(application: Application) -> bool:
    return application.status is Status.ACTIVE and settings_of(application).browser_sdk


def _cross_origin(origin: str) -> dict[str, str]:
    """What lets a page of ``origin`` read the answer (Fetch, section 3.3.3).

    The SDK asks with credentials; nothing here looks at a cookie.
    """
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
        "vary": "Origin",
    }
