"""The app's cookies of a session, as only the app itself can read them.

An app that signs its user in within a session leaves a cookie that is the user. Copied by hand, it
would be so after the end, and in any browser.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from understudy.errors import SetupError
from understudy.sdk.secret import Secret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class CookieSeal:
    """Seals values for one session and one name (AES-256-GCM, NIST SP 800-38D).

    ``key`` is the app's; any two of its processes share it.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key

    def seal(self, value: bytes, *, session_id: str, name: bytes) -> bytes:
        """``value`` in letters that a cookie may hold."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, value, _bound_to(session_id, name))
        return urlsafe_b64encode(nonce + sealed).rstrip(b"=")

    def open(self, sealed: bytes, *, session_id: str, name: bytes) -> bytes | None:
        """What was sealed; None when it was not, or for another session or name."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = urlsafe_b64decode(sealed + b"=" * (-len(sealed) % 4))
            nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
            return self._cipher.decrypt(nonce, rest, _bound_to(session_id, name))
        except (ValueError, InvalidTag):
            return None

    @cached_property
    def _cipher(self) -> AESGCM:
        # Late, as only apps with cookies of their own in sessions pay for it.
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise SetupError(
                "Session origins and own_cookies= seal cookies: pip install 'understudy[cookies]'."
            ) from None
        message = b"understudy own cookies"
        return AESGCM(hmac.digest(self._key.reveal().encode(), message, hashlib.sha256))

    def require(self) -> None:
        """Say at once, and not in somebody's session, that a library is missing.

        :raises SetupError: it is.
        """
        _ = self._cipher


def _bound_to(session_id: str, name: bytes) -> bytes:
    return session_id.encode() + b"\x00" + name
