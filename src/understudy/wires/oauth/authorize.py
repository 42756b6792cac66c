"""The authorization endpoint (RFC 6749, section 4.1.1): a launched grant becomes a code, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from understudy.core.applications.application import Application
from understudy.core.applications.session_origins import return_addresses
from understudy.core.ids import GrantId
from understudy.core.people.principals import Status
from understudy.core.ports import Reader, Unit
from understudy.errors import NotFound
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.launch import OperatorAtBrowser
from understudy.flows.impersonation.launch import authorize as authorize_grant
from understudy.flows.impersonation.mint import CodeBinding
from understudy.flows.origin import Origin
from understudy.wires.oauth.errors import ErrorCode

# The S256 challenge is a SHA-256 in base64url: always 43 characters (RFC 7636, section 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE_LENGTH = 1_000
_NOT_LAUNCHED = "This launch was not started in this browser just now, or it may not go on."


@dataclass(frozen=True, kw_only=True)
class Unredirectable:
    """Client or redirect URI are not known, so that nobody may be sent there (RFC 9700, 4.1)."""

    description: str


@dataclass(frozen=True, kw_only=True)
class SentBack:
    """An error for the client, at its own redirect URI (RFC 6749, section 4.1.2.1)."""

    redirect_uri: str
    state: str | None
    error: ErrorCode
    description: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """A valid authorization request; ``login_hint`` is the grant's id."""

    client_id: str
    redirect_uri: str
    state: str | None
    code_challenge: str
    grant_id: GrantId


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code on its way to the client."""

    redirect_uri: str
    state: str | None
    code: str = field(repr=False)


def read(
    reader: Reader, parameters: Sequence[tuple[str, str]]
) -> Request | SentBack | Unredirectable:
    """What the parameters ask for. Redirect URIs are compared character by character.

    For a grant with an origin of its own, only the registered paths at that origin are taken; for
    every other one, and for what is no grant of the client, only what is registered.

    Unknown parameters are ignored and repeated ones refused (RFC 6749, section 3.1).
    """
    fields = dict(parameters)
    repeated = {name for name, _ in parameters if [n for n, _ in parameters].count(name) > 1}
    # Until client and address are known to belong together, whoever asks gets a page and no
    # redirect: an error that is sent on to any address makes an open redirector of us.
    if repeated & {"client_id", "redirect_uri", "state"}:
        return Unredirectable(description="A parameter appears more than once.")
    if any("\0" in value for value in fields.values()):
        return Unredirectable(description="A parameter holds a character that nothing is named by.")
    application = reader.applications.get(fields.get("client_id", ""))
    if application is None or application.status is not Status.ACTIVE:
        return Unredirectable(description="The application that sent you here is not known.")
    redirect_uri = fields.get("redirect_uri", "")
    # As text, without any normalising: two parsers that differ are how codes get stolen.
    if redirect_uri not in _taken(reader, application, fields.get("login_hint", "")):
        return Unredirectable(
            description="The address to return to is not registered for this application."
        )
    return _read_trusted(application, redirect_uri, fields, repeated=bool(repeated))


def _taken(reader: Reader, application: Application, grant_id: str) -> tuple[str, ...]:
    grant = reader.grants.get(GrantId(grant_id)) if grant_id else None
    own = grant is not None and grant.application_id == application.id
    origin = grant.origin if grant is not None and own else None
    return return_addresses(application.settings.redirect_urls, origin)


def _read_trusted(
    application: Application, redirect_uri: str, fields: dict[str, str], *, repeated: bool
) -> Request | SentBack:
    state = fields.get("state")
    problem = _problem(fields, repeated=repeated)
    if problem is not None:
        error, description = problem
        return SentBack(
            redirect_uri=redirect_uri, state=state, error=error, description=description
        )
    return Request(
        client_id=application.id,
        redirect_uri=redirect_uri,
        state=state,
        code_challenge=fields["code_challenge"],
        grant_id=GrantId(fields["login_hint"]),
    )


def _problem(fields: dict[str, str], *, repeated: bool) -> tuple[ErrorCode, str] | None:
    """The first thing that is wrong with a request whose redirect URI can be trusted."""
    invalid = ErrorCode.INVALID_REQUEST
    response_type = fields.get("response_type")
    challenge = fields.get("code_challenge", "")
    checks = (
        (not repeated, invalid, "A parameter appears more than once."),
        (len(fields.get("state", "")) <= _STATE_LENGTH, invalid, "The state is too long."),
        (response_type is not None, invalid, "response_type is missing."),
        (
            response_type == "code",
            ErrorCode.UNSUPPORTED_RESPONSE_TYPE,
            "Only response_type=code is supported.",
        ),
        # Without a method the challenge would be plain, which protects nothing (RFC 7636, 7.2).
        (
            fields.get("code_challenge_method") == "S256",
            invalid,
            "PKCE is required: code_challenge_method=S256.",
        ),
        (_CHALLENGE.fullmatch(challenge), invalid, "code_challenge is not an S256 challenge."),
        (fields.get("login_hint"), invalid, "login_hint, the launched grant, is missing."),
    )
    return next(((error, text) for holds, error, text in checks if not holds), None)


def authorize(
    unit: Unit, request: Request, *, who: OperatorAtBrowser, origin: Origin
) -> Code | SentBack:
    """A code for the launched grant, if this is the operator and the browser that launched it."""
    binding = CodeBinding(redirect_uri=request.redirect_uri, code_challenge=request.code_challenge)
    try:
        done = authorize_grant(
            unit,
            request.grant_id,
            who=who,
            client_id=request.client_id,
            binding=binding,
            origin=origin,
        )
    # In the same words as a refusal: the app shall not find out which grants there are.
    except NotFound:
        return denied(request, _NOT_LAUNCHED)
    if isinstance(done, Denied):
        return denied(request, _NOT_LAUNCHED)
    return Code(redirect_uri=request.redirect_uri, state=request.state, code=done.code.token)


def denied(request: Request, description: str) -> SentBack:
    """Back to the client without a code."""
    return SentBack(
        redirect_uri=request.redirect_uri,
        state=request.state,
        error=ErrorCode.ACCESS_DENIED,
        description=description,
    )


def location(result: Code | SentBack, *, issuer: str) -> str:
    """Where to send the browser; ``iss`` tells clients of several servers whose answer it is.

    RFC 9207, section 2.
    """
    if isinstance(result, Code):
        parameters = {"code": result.code}
    else:
        parameters = {"error": result.error.value, "error_description": result.description}
    if result.state is not None:
        parameters["state"] = result.state
    parameters["iss"] = issuer
    joint = "&" if "?" in result.redirect_uri else "?"
    return f"{result.redirect_uri}{joint}{urlencode(parameters)}"
