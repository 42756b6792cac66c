"""What the installation key protects: tokens, pseudonyms, keyed hashes and secrets at rest.

Nothing uses the installation key itself: each purpose has a key of its own, drawn from it by HKDF
(RFC 5869), so that what one purpose reveals says nothing about another.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from understudy.core.impersonation import tokens
from understudy.core.impersonation.tokens import TokenPurpose
from understudy.errors import KeyMismatch, SetupError
from understudy.storage.macs import Mac
from understudy.storage.seals import Seals

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
_KEY_ID_BYTES = 4
_TOKEN_MAC_BYTES = 28


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
    """The `Vault` of the installation that ``key`` belongs to.

    What was stored under one of ``former`` keys is still found; nothing new is made with those.
    """

    def __init__(
        self,
        key: InstallationKey,
        *,
        random: Callable[[int], bytes],
        former: Sequence[InstallationKey] = (),
    ) -> None:
        self._random = random
        self._token_hashes = tuple(map(_TokenHashes, (key, *former)))
        self.seals = Seals(
            [(_key_id(one), Mac(_subkey(one, "row seal"))) for one in (key, *former)]
        )
        """The codes on rows that give power."""
        self._token_key = _subkey(key, "tokens")
        self._pseudonym_key = _subkey(key, "pseudonyms")
        self._hash_key = _subkey(key, "keyed hashes")
        self._cipher = AESGCM(_subkey(key, "secrets at rest"))

    def derive_token(self, purpose: TokenPurpose, nonce: bytes) -> str:
        """The bearer token that ``nonce`` stands for."""
        return tokens.derive_token(self._token_key, purpose, nonce)

    def token_hash(self, purpose: TokenPurpose, token: str) -> bytes:
        """32 bytes that are stored in place of ``token``: nobody without the key can make them."""
        return self._token_hashes[0].of(purpose, tokens.token_hash(token))

    def token_hashes(self, purpose: TokenPurpose, token: str) -> Sequence[bytes]:
        """All by which ``token`` may be stored: one for each key, today's first."""
        digest = tokens.token_hash(token)
        return [hashes.of(purpose, digest) for hashes in self._token_hashes]

    def token_hash_of(self, purpose: TokenPurpose, digest: bytes) -> bytes:
        """``token_hash`` of a token of which only the SHA-256 is known, as it once was stored."""
        return self._token_hashes[0].of(purpose, digest)

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


class _TokenHashes:
    """Hashes of tokens under one installation key.

    NOTE: frozen. Four bytes name the key, the other 28 are the beginning of an HMAC-SHA-256 of the
    token's SHA-256: 224 bits, and as long as the plain SHA-256 that lay in those columns before.
    """

    def __init__(self, key: InstallationKey) -> None:
        self._key_id = _key_id(key)
        self._macs = {one: Mac(_subkey(key, f"token hash/{one}")) for one in TokenPurpose}

    def of(self, purpose: TokenPurpose, digest: bytes) -> bytes:
        return self._key_id + self._macs[purpose].of(digest)[:_TOKEN_MAC_BYTES]


def _key_id(key: InstallationKey) -> bytes:
    return _subkey(key, "key id")[:_KEY_ID_BYTES]


def _subkey(key: InstallationKey, label: str) -> bytes:
    # No salt: the input is uniformly random already (RFC 5869, section 3.1).
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_LABEL + label.encode())
    return derivation.derive(key.secret)


def _associated(purpose: str) -> bytes:
    return _LABEL + purpose.encode()


def _not_ours(purpose: str) -> KeyMismatch:
    return KeyMismatch(internal=f"a secret sealed for {purpose!r} does not open")
