"""The hand-off: OAuth code flow with PKCE, begun by the app after a hint from the dashboard.

The launch cookie holds nothing but a nonce, its end and a seal. ``state`` and the PKCE verifier are
derived from the nonce under a key that never leaves the app, so that nothing is kept between launch
and callback, and any process of the app can finish what another began.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from urllib.parse import urlencode

from understudy.core.applications.session_origins import SessionOrigins
from understudy.errors import MalformedRequest, TokenInvalid
from understudy.sdk.cookies import LAUNCH, DuplicateCookie, clear_cookie, read_cookie, set_cookie
from understudy.sdk.secret import Secret
from understudy.sdk.values import Presented
from understudy.sdk.visit import Answer, Visit, see_other

LAUNCH_SECONDS = 120
"""Between launch and callback: two redirects, and a sign-in at most."""
_GRANT = re.compile(r"[A-Za-z0-9_-]{1,128}")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,512}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Client:
    """This application as an OAuth client. ``issuer`` is the service's public URL.

    ``key`` seals launch cookies; any two processes of the app share it. ``redirect_url`` None means
    the callback at whatever origin a request came to; the service compares it exactly.
    ``session_origins`` are those that this app serves sessions at.
    """

    issuer: str
    client_id: str
    key: Secret = field(repr=False)
    redirect_url: str | None = None
    session_origins: SessionOrigins | None = None


def begin(client: Client, visit: Visit, *, redirect_uri: str, nonce: str, now: float) -> Answer:
    """Send the browser to the service, if that is who sent it here.

    :raises MalformedRequest: another issuer, or no grant.
    """
    parameters = visit.parameters()
    if not _same(parameters.get("iss", ""), client.issuer):
        raise MalformedRequest("This launch was not meant for this app.")
    hint = parameters.get("login_hint", "")
    if not _GRANT.fullmatch(hint):
        raise MalformedRequest("This launch names no grant.")
    query = urlencode(
        {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": redirect_uri,
            "state": _derive(client, "state", nonce),
            "code_challenge": _challenge(_derive(client, "verifier", nonce)),
            "code_challenge_method": "S256",
            "login_hint": hint,
        }
    )
    expires = str(int(now) + LAUNCH_SECONDS)
    value = f"{nonce}.{expires}.{_derive(client, 'cookie', nonce, expires)}"
    cookie = set_cookie(LAUNCH, value, max_age=LAUNCH_SECONDS)
    return see_other(f"{client.issuer}/oauth2/authorize?{query}", cookie)


def finish(client: Client, visit: Visit, *, redirect_uri: str, now: float) -> Presented:
    """The code that the service sent back to the browser in which this app began.

    :raises MalformedRequest: begun elsewhere, too late, or another issuer (RFC 9207, section 2.4).
    :raises TokenInvalid: the service refused.
    """
    # The browser before its words: without its cookie nothing else in the address is believed.
    nonce = _nonce(client, visit, now)
    parameters = visit.parameters()
    if not _same(parameters.get("state", ""), _derive(client, "state", nonce)):
        raise MalformedRequest("This answer belongs to another launch.")
    if not _same(parameters.get("iss", ""), client.issuer):
        raise MalformedRequest("This answer comes from another service.")
    # Behind state and issuer: an error that somebody made up must not end a launch that goes well.
    if "error" in parameters:
        raise TokenInvalid("Understudy did not allow this launch.")
    code = parameters.get("code", "")
    if not _CODE.fullmatch(code):
        raise MalformedRequest("This answer holds no code.")
    return Presented(
        token=Secret(code),
        code_verifier=Secret(_derive(client, "verifier", nonce)),
        redirect_uri=redirect_uri,
    )


def forget_launch() -> str:
    """The Set-Cookie value that makes a launch cookie work only once."""
    return clear_cookie(LAUNCH)


def _nonce(client: Client, visit: Visit, now: float) -> str:
    try:
        value = read_cookie(visit.cookie, LAUNCH)
    except DuplicateCookie:
        raise MalformedRequest("The request carries two launch cookies.") from None
    parts = (value or "").split(".")
    nonce, expires, seal = parts if len(parts) == 3 else ("", "", "")  # noqa: PLR2004  (see begin)
    if not _same(seal, _derive(client, "cookie", nonce, expires)):
        raise MalformedRequest("This launch was not begun in this browser.")
    # Behind the seal, so that it is a number of ours.
    if now >= int(expires):
        raise MalformedRequest("This launch took too long.")
    return nonce


def _derive(client: Client, *purpose: str) -> str:
    message = "\x00".join(("understudy launch", *purpose)).encode()
    digest = hmac.new(client.key.reveal().encode(), message, hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
