"""The handshake: how a server-rendered Node app gets its ``__session`` cookie, and a new one.

The browser proves itself by a cookie on the service's own host, which it got when somebody
confirmed the ticket there. What it takes back to the app is a nonce: sealed, good for a minute and
for one use, and worth nothing without the application's secret. Nothing is used up before the app's
backend asks what the nonce stands for, so that a GET of a browser changes nothing.
"""

from __future__ import annotations

import binascii
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from understudy.core.applications.addresses import origin_of
from understudy.core.applications.application import Application
from understudy.core.impersonation.token_kinds import TokenKinds
from understudy.core.ports import Reader, Unit, Vault
from understudy.errors import KeyMismatch
from understudy.flows.impersonation.accept import browser_mark
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.origin import Origin
from understudy.wires.clerk.errors import NO_SUCH_RESOURCE, ClerkProblem
from understudy.wires.clerk.session_objects import awake
from understudy.wires.clerk.tickets import (
    KnownTicket,
    is_at_home,
    is_its_home,
    known_ticket,
    redeem,
)
from understudy.wires.clerk.times import to_seconds

COOKIE_PREFIX = "__Host-understudy-clerk-"
"""One cookie for each application, by its id; never readable by scripts or other hosts."""
NONCE_PARAMETER = "__clerk_handshake_nonce"
NONCE_LIFE = timedelta(seconds=60)
REDIRECT_MOST = 2_000

_PURPOSE = "clerk handshake"
_SEPARATOR = "."
_HANDSHAKE_PARAMETERS = ("__clerk_handshake", "__clerk_help")
_NONCE_MOST = 2_000
_CLEARED = (
    "__session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
    "__client_uat=0; Path=/; SameSite=Lax",
)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A browser that confirmed a ticket; ``mark`` is what only it was given."""

    sign_in_ticket: str = field(repr=False)
    mark: str = field(repr=False)

    @property
    def cookie(self) -> str:
        """The cookie's value."""
        return f"{self.sign_in_ticket}{_SEPARATOR}{self.mark}"


@dataclass(frozen=True, kw_only=True)
class Nonce:
    """What a nonce stands for: an app's origin, and who came back, if anybody."""

    origin: str
    visit: Visit | None


def visits(cookies: str) -> Iterator[tuple[str, Visit]]:
    """The application ids and visits that a ``Cookie`` header names, unverified."""
    for pair in cookies.split(";"):
        name, _, value = pair.strip().partition("=")
        ticket, separator, mark = value.partition(_SEPARATOR)
        if name.startswith(COOKIE_PREFIX) and separator and ticket and mark:
            yield name.removeprefix(COOKIE_PREFIX), Visit(sign_in_ticket=ticket, mark=mark)


def target_origin(redirect_url: str) -> str | None:
    """The origin to go back to; None for what is no plain address of a page."""
    if len(redirect_url) > REDIRECT_MOST or not redirect_url.isascii():
        return None
    if not redirect_url.isprintable() or " " in redirect_url or "\\" in redirect_url:
        return None
    try:
        parts = urlsplit(redirect_url)
        plain = parts.username is None and parts.password is None and bool(parts.hostname)
        return origin_of(redirect_url) if plain and parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def knows(reader: Reader, origin: str) -> bool:
    """True when ``origin`` is that of an app that is registered here."""
    return any(is_at_home(application, origin) for application in reader.applications.list())


def visitor(reader: Reader, offered: Iterable[tuple[str, Visit]], origin: str) -> Visit | None:
    """The visit, among those offered, that counts at an app of ``origin``."""
    for application_id, visit in offered:
        if _at_home(reader, visit, application_id, origin) is not None:
            return visit
    return None


def seal(vault: Vault, nonce: Nonce, *, now: datetime) -> str:
    """The nonce's text: only this installation reads it."""
    visit = nonce.visit
    contents = {
        "origin": nonce.origin,
        "ticket": visit.sign_in_ticket if visit else None,
        "mark": visit.mark if visit else None,
        "exp": to_seconds(now + NONCE_LIFE),
    }
    return _text(vault.encrypt(_PURPOSE, json.dumps(contents).encode()))


def unseal(vault: Vault, text: str, *, now: datetime) -> Nonce | None:
    """What ``text`` stands for; None when it is not ours or its minute is over."""
    if len(text) > _NONCE_MOST:
        return None
    try:
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        contents = json.loads(vault.decrypt(_PURPOSE, sealed))
    except (binascii.Error, ValueError, KeyMismatch):
        return None
    # base64 has several spellings of the same bytes; each would be good for one more use.
    if _text(sealed) != text or to_seconds(now) >= contents["exp"]:
        return None
    known = contents["ticket"] is not None
    visit = Visit(sign_in_ticket=contents["ticket"], mark=contents["mark"]) if known else None
    return Nonce(origin=contents["origin"], visit=visit)


def back(redirect_url: str, nonce: str) -> str:
    """The address in the app to go back to; an older nonce in it is dropped."""
    url, _, fragment = redirect_url.partition("#")
    path, _, query = url.partition("?")
    dropped = (NONCE_PARAMETER, *_HANDSHAKE_PARAMETERS)
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in dropped]
    query = "&".join([*kept, f"{NONCE_PARAMETER}={nonce}"])
    return f"{path}?{query}" + (f"#{fragment}" if fragment else "")


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Whom a nonce signs in at ``origin``: a live session, or nobody."""

    origin: str
    opened: OpenSession | None


def resolve(
    unit: Unit, text: str, *, application: Application, kinds: TokenKinds, origin: Origin
) -> Resolved | ClerkProblem:
    """What a nonce stands for, once, for the application whose origin it was made for."""
    nonce = unseal(unit.vault, text, now=unit.latest)
    if nonce is None:
        return NO_SUCH_RESOURCE
    found = None
    if nonce.visit is not None:
        found = _at_home(unit, nonce.visit, application.id, nonce.origin)
    known = found is not None or is_at_home(application, nonce.origin)
    if not known or not _use_up(unit, text):
        return NO_SUCH_RESOURCE
    if found is None:
        return Resolved(origin=nonce.origin, opened=None)
    opened = _opened(unit, found, application=application, kinds=kinds, origin=origin)
    return Resolved(
        origin=nonce.origin, opened=None if isinstance(opened, ClerkProblem) else opened
    )


def directives(resolved: Resolved, jwt: str | None) -> list[str]:
    """The ``Set-Cookie`` lines for the app to send; without a JWT they sign the browser out."""
    secure = "; Secure" if resolved.origin.startswith("https:") else ""
    if resolved.opened is None or jwt is None:
        return [line + secure for line in _CLEARED]
    session = resolved.opened.session
    # The SDK compares the two: a JWT from before the browser's last sign-in counts as stale.
    signed_in_at = to_seconds(session.started_at)
    life = f"; Expires={session.ends_at:%a, %d %b %Y %H:%M:%S} GMT"
    return [
        f"__client_uat={signed_in_at}; Path=/; SameSite=Lax{life}{secure}",
        f"__session={jwt}; Path=/; HttpOnly; SameSite=Lax{life}{secure}",
    ]


def _opened(
    unit: Unit, found: KnownTicket, *, application: Application, kinds: TokenKinds, origin: Origin
) -> OpenSession | ClerkProblem:
    """The session of a ticket: the one that it made, or the one that it makes now."""
    if found.token.used_at is None:
        return redeem(
            unit, found.sign_in_ticket, application=application, kinds=kinds, origin=origin
        )
    if found.token.session_id is None:
        return NO_SUCH_RESOURCE
    return awake(unit, found.token.session_id, application=application, origin=origin)


def _at_home(reader: Reader, visit: Visit, application_id: str, origin: str) -> KnownTicket | None:
    """The ticket of a visit, if it is this application's and may be used at ``origin``."""
    found = _bound(reader, visit)
    if found is None or found.application.id != application_id:
        return None
    return found if is_its_home(found, origin) else None


def _bound(reader: Reader, visit: Visit) -> KnownTicket | None:
    """The ticket of ``visit``, if this is the browser that confirmed it last."""
    found = known_ticket(reader, visit.sign_in_ticket)
    expected = found.grant.accepted_in if found is not None else None
    if found is None or expected is None:
        return None
    return found if hmac.compare_digest(browser_mark(visit.mark), expected) else None


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _use_up(unit: Unit, text: str) -> bool:
    """True the first time; the note lies in the database, where every node sees it."""
    digest = sha256(text.encode()).digest()
    if unit.used_nonces.has(_PURPOSE, digest):
        return False
    unit.used_nonces.add(_PURPOSE, digest, unit.now)
    return True
