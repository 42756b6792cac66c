"""What the installation key protects: tokens, pseudonyms, keyed hashes and secrets at rest.

Nothing uses the installation key itself: each purpose has a key of its own, drawn from it by HKDF
(RFC 5869), so that what one purpose reveals says nothing about another.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from understudy.core.impersonation import tokens
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.errors import KeyMismatch, SetupError

KEY_BYTES = 32
"""256 bits; the same for the installation key and for every key drawn from it."""

_KEY_TEXT = re.compile(r"[0-9a-f]{64}")
_KEY_CHECK = "installation"

# NOTE: frozen. These labels and the layout below (version, nonce, ciphertext with tag) are in every
# database; another format needs another version byte.
_LABEL = b"understudy/v1/"
_SEALED_VERSION = b"\x01"
_NONCE_BYTES = 12
_SEALED_HEADER = len(_SEALED_VERSION) + _NONCE_BYTES


@dataclass(frozen=True)
class InstallationKey:
    """The one secret of an installation that is never in its database; it cannot be printed."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise SetupError(f"an installation key has {KEY_BYTES} bytes")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The key that ``to_text`` wrote; white space around it does not matter.

        :raises SetupError: when it is not 64 hexadecimal digits in lower case.
        """
        digits = text.strip()
        if _KEY_TEXT.fullmatch(digits) is None:
            raise SetupError("the installation key is not 64 hexadecimal digits in lower case")
        return cls(bytes.fromhex(digits))

    def to_text(self) -> str:
        """64 hexadecimal digits, as in ``installation.key``."""
        return self.secret.hex()


class InstallationVault:
    """The `Vault` of the installation that ``key`` belongs to."""

    def __init__(self, key: InstallationKey, *, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._token_key = _subkey(key, "tokens")
        self._pseudonym_key = _subkey(key, "pseudonyms")
        self._hash_key = _subkey(key, "keyed hashes")
        self._cipher = AESGCM(_subkey(key, "secrets at rest"))

    def derive_token(self, purpose: TokenPurpose, nonce: bytes) -> str:
        """The bearer token that ``nonce`` stands for."""
        return tokens.derive_token(self._token_key, purpose, nonce)

    def pseudonym(self, *parts: str) -> str:
        """A stable reference for somebody whom only an application knows."""
        return tokens.pseudonym(self._pseudonym_key, *parts)

    def keyed_hash(self, purpose: str, text: str) -> bytes:
        """32 bytes that stand for ``text``; useless for guessing without the key."""
        # The length says where the purpose ends, so that no two pairs make one message.
        label = purpose.encode()
        message = len(label).to_bytes(4, "big") + label + text.encode()
        return hmac.digest(self._hash_key, message, "sha256")

    def encrypt(self, purpose: str, plain: bytes) -> bytes:
        """``plain`` under AES-256-GCM with a random nonce; it opens for the same purpose only."""
        nonce = self._random(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain, _associated(purpose))
        return _SEALED_VERSION + nonce + sealed

    def decrypt(self, purpose: str, sealed: bytes) -> bytes:
        """What was encrypted for ``purpose``.

        :raises KeyMismatch: when it was sealed under another key or for another purpose, or was
            changed since; which of these cannot be told.
        """
        if not sealed.startswith(_SEALED_VERSION) or len(sealed) < _SEALED_HEADER:
            raise _not_ours(purpose)
        nonce, ciphertext = sealed[1:_SEALED_HEADER], sealed[_SEALED_HEADER:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, _associated(purpose))
        except InvalidTag:
            raise _not_ours(purpose) from None

    def key_check(self) -> str:
        """What a database remembers of the key, to know it again and nothing else."""
        return self.keyed_hash("key check", _KEY_CHECK).hex()

    def require_key_check(self, stored: str) -> None:
        """Return only if ``stored`` is the ``key_check`` of this key.

        :raises KeyMismatch: when it is that of another.
        """
        if not hmac.compare_digest(stored.encode(), self.key_check().encode()):
            raise KeyMismatch


def _subkey(key: InstallationKey, label: str) -> bytes:
    # No salt: the input is uniformly random already (RFC 5869, section 3.1).
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_LABEL + label.encode())
    return derivation.derive(key.secret)


def _associated(purpose: str) -> bytes:
    return _LABEL + purpose.encode()


def _not_ours(purpose: str) -> KeyMismatch:
    return KeyMismatch(internal=f"a secret sealed for {purpose!r} does not open")
