"""Who calls: an operator by cookie, or an application by HTTP Basic. Never both at once."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote

from understudy.core.applications.application import Application
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.core.people.principals import OperatorSession, Status
from understudy.core.ports import Reader, Unit, Vault
from understudy.errors import MalformedRequest, NotSignedIn, PermissionMissing
from understudy.flows.applications.administer import secret_hashes
from understudy.flows.people.sign_in import identify
from understudy.http.access import Access
from understudy.http.cookies import operator_token
from understudy.http.incoming import Headers
from understudy.http.node import Node
from understudy.http.principal import ApplicationPrincipal, OperatorPrincipal, Principal

TOUCH_EVERY = timedelta(minutes=1)
"""How often the last sign of life of an operator's session is written, at most."""

_SIGN_IN = "Sign in first."
_BAD_CREDENTIALS = "The application id or its secret is wrong."
_BAD_SECRET = "The secret is wrong. Send the application's secret as a bearer token."  # noqa: S105
# Compared with when there is no such application, so that a wrong id takes as long as a wrong
# secret.
_NO_SECRET = bytes(32)


@dataclass(frozen=True, kw_only=True)
class OperatorCredentials:
    """The value of an operator's cookie."""

    token: str = field(repr=False)

    @property
    def presented(self) -> str:
        """What was presented, as one text."""
        return f"operator {self.token}"


@dataclass(frozen=True, kw_only=True)
class ApplicationCredentials:
    """An application's id and secret, as given."""

    application_id: str
    secret: str = field(repr=False)

    @property
    def presented(self) -> str:
        """What was presented, as one text."""
        return f"application {self.application_id} {self.secret}"


@dataclass(frozen=True, kw_only=True)
class BearerSecret:
    """An application's secret, which alone says whose it is."""

    secret: str = field(repr=False)

    @property
    def presented(self) -> str:
        """What was presented, as one text."""
        return f"bearer {self.secret}"


Credentials = OperatorCredentials | ApplicationCredentials | BearerSecret


def credentials(headers: Headers) -> Credentials | None:
    """What the request brings, unverified.

    :raises MalformedRequest: both kinds at once: nobody could tell who is meant.
    :raises NotSignedIn: an ``Authorization`` header of another scheme, or a garbled one.
    """
    token = operator_token(headers)
    authorization = headers.get("authorization")
    if authorization is None:
        return None if token is None else OperatorCredentials(token=token)
    if token is not None:
        raise MalformedRequest("Use the operator's cookie or the Authorization header, not both.")
    return parse_basic(authorization)


def parse_basic(authorization: str) -> ApplicationCredentials:
    """Id and secret of a Basic header (RFC 7617, section 2).

    :raises NotSignedIn: when it is not one.
    """
    scheme, _, encoded = authorization.partition(" ")
    try:
        text = b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    application_id, colon, secret = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise NotSignedIn(_BAD_CREDENTIALS)
    # OAuth clients may percent-encode both (RFC 6749, section 2.3.1); ours hold nothing to encode.
    return ApplicationCredentials(application_id=unquote(application_id), secret=unquote(secret))


def bearer_secret(headers: Headers) -> BearerSecret | None:
    """The secret in an ``Authorization`` header of the bearer scheme (RFC 6750, section 2.1).

    :raises NotSignedIn: a header of another scheme.
    """
    authorization = headers.get("authorization")
    if authorization is None:
        return None
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotSignedIn(_BAD_SECRET)
    return BearerSecret(secret=secret.strip())


async def authenticated(node: Node, given: Credentials) -> Principal:
    """Whom ``given`` belongs to at this moment.

    :raises NotSignedIn: when to nobody.
    """
    now = node.clock.latest()
    if isinstance(given, BearerSecret):
        return await node.read(lambda reader: _owner_of(reader, given, now))
    if isinstance(given, ApplicationCredentials):
        application = await node.application(given.application_id)
        return authenticate_application(node.engine.vault, application, given, now)
    return await node.read(lambda reader: authenticate_operator(reader, given, now))


def _owner_of(reader: Reader, given: BearerSecret, now: datetime) -> ApplicationPrincipal:
    """The application whose secret it is; looked up by hash, so that timing tells nothing."""
    application = reader.applications.by_secret(given.secret)
    if application is None:
        raise NotSignedIn(_BAD_SECRET)
    named = ApplicationCredentials(application_id=application.id, secret=given.secret)
    return authenticate_application(reader.vault, application, named, now)


def authenticate_operator(
    reader: Reader, given: OperatorCredentials, now: datetime
) -> OperatorPrincipal:
    """The operator whose cookie it is.

    :raises NotSignedIn: when it is nobody's, or the sign-in has ended.
    """
    found = identify(reader, given.token, now)
    if found is None:
        raise NotSignedIn("Your sign-in has ended. Sign in again.")
    operator, session = found
    return OperatorPrincipal(operator=operator, session=session)


def authenticate_application(
    vault: Vault, application: Application | None, given: ApplicationCredentials, now: datetime
) -> ApplicationPrincipal:
    """``application``, found by the given id, if the given secret is its own.

    :raises NotSignedIn: unknown id, wrong secret, or an application that is not active.
    """
    presented = vault.token_hashes(TokenPurpose.APPLICATION_SECRET, given.secret)
    known = (_NO_SECRET,) if application is None else secret_hashes(application, now)
    # All of them in any case: that one of two secrets fits must not show in the time.
    matches = [hmac.compare_digest(one, stored) for one in presented for stored in known]
    if application is None or not any(matches):
        raise NotSignedIn(_BAD_CREDENTIALS)
    # Behind the secret: only its owner is told that the application is disabled.
    if application.status is not Status.ACTIVE:
        raise NotSignedIn("This application is disabled. An admin can enable it under Settings.")
    return ApplicationPrincipal(application=application)


def require_access(access: Access, principal: Principal) -> None:
    """Return only if ``principal`` may call what ``access`` describes.

    :raises PermissionMissing: when they may not.
    """
    if isinstance(principal, ApplicationPrincipal):
        if not access.application:
            raise PermissionMissing("This is for operators; an application cannot do it.")
        return
    if isinstance(principal, OperatorPrincipal) and access.operator:
        if access.permission is None or principal.may(access.permission):
            return
        raise PermissionMissing
    raise PermissionMissing("This is for applications; use application id and secret.")


def needs_touch(session: OperatorSession, now: datetime) -> bool:
    """True when the session's last sign of life is old enough to be written again."""
    return now >= session.last_seen_at + TOUCH_EVERY


def touch(unit: Unit, session_id: str) -> None:
    """Note a sign of life of an operator's session."""
    unit.operator_sessions.touch(session_id, unit.now)
