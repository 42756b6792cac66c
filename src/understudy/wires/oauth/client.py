"""What all endpoints for OAuth clients share: how a client signs in, and how errors look."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from understudy.core.applications.application import Application
from understudy.errors import MalformedRequest, MethodNotAllowed, NotSignedIn, UnderstudyError
from understudy.http.authentication import (
    ApplicationCredentials,
    authenticate_application,
    parse_basic,
)
from understudy.http.call import Call
from understudy.http.endpoint import JSON, Answered
from understudy.http.incoming import Incoming
from understudy.http.query import NoQuery
from understudy.wires.oauth.errors import OAuthProblem, translated
from understudy.wires.oauth.schemas import ClientCredentials, OAuthError

TAG = "oauth"
SIGNS_IN = (
    "The application signs in by HTTP Basic, or with `client_id` and `client_secret` in the form."
)
ERRORS = (
    Answered(
        type=OAuthError,
        status=HTTPStatus.BAD_REQUEST,
        description="RFC 6749, section 5.2; RFC 8693, section 2.2.2.",
    ),
    Answered(type=OAuthError, status=HTTPStatus.UNAUTHORIZED, description="`invalid_client`."),
)


async def client(call: Call[Any, NoQuery]) -> Application:
    """The application that asks, by header or by form, never by both (RFC 6749, section 2.3.1).

    :raises MalformedRequest: both at once.
    :raises NotSignedIn: no credentials, or wrong ones.
    """
    body: ClientCredentials = call.body
    address, header = call.incoming.address or "", call.headers.get("authorization")
    if header is not None and body.client_secret is not None:
        raise MalformedRequest("Send the client's credentials once: in the header or in the form.")
    try:
        credentials = _credentials(body, header)
        found = await call.node.application(credentials.application_id)
        vault, now = call.node.engine.vault, call.node.clock.latest()
        return authenticate_application(vault, found, credentials, now).application
    except NotSignedIn:
        call.node.rate_limits.count_bad_credentials(address)
        raise


def named_client(call: Call[Any, NoQuery]) -> str:
    """The id under which the application signs in, whether or not that can be checked.

    :raises NotSignedIn: no credentials.
    """
    return _credentials(call.body, call.headers.get("authorization")).application_id


def _credentials(body: ClientCredentials, header: str | None) -> ApplicationCredentials:
    if header is not None:
        credentials = parse_basic(header)
    elif body.client_id is not None and body.client_secret is not None:
        credentials = ApplicationCredentials(
            application_id=body.client_id, secret=body.client_secret
        )
    else:
        raise NotSignedIn("Client credentials are required.")
    if body.client_id not in (None, credentials.application_id):
        raise NotSignedIn("client_id is not the client that signed in.")
    return credentials


def on_error(error: UnderstudyError, _: Incoming) -> Response:
    """An error of ours as one of RFC 6749."""
    answer = oauth_error(translated(error))
    if isinstance(error, MethodNotAllowed):
        answer.headers["allow"] = str(error.facts.get("allow", ""))
    return answer


def oauth_error(problem: OAuthProblem) -> Response:
    """An error answer (RFC 6749, section 5.2)."""
    headers = {"cache-control": "no-store"}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Basic realm="Understudy", charset="UTF-8"'
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    body = OAuthError(error=problem.error.value, error_description=problem.description)
    return Response(
        msgspec.json.encode(body),
        status_code=problem.status,
        headers=headers,
        media_type=JSON,
    )
