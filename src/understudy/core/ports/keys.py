"""Key pairs, and what needs the installation key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from understudy.core.impersonation.tokens import TokenPurpose


class KeyUse(StrEnum):
    """What a key pair signs; no key has two uses. Wires have further ones, by their own names."""

    LOG = "log"
    SESSION_JWT = "session_jwt"
    LOGOUT = "logout"


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key pair; the private half is encrypted under the installation key.

    ``application_id`` is None for the log. A key verifies from ``created_at`` on, signs between
    ``signs_from`` and ``signs_until``, and is forgotten at ``retired_at``.
    """

    id: str
    use: str
    application_id: str | None
    public: bytes
    private_encrypted: bytes = field(repr=False)
    created_at: datetime
    signs_from: datetime
    signs_until: datetime | None = None
    retired_at: datetime | None = None


class SigningKeys(Protocol):
    """Key pairs, by use and application, oldest first."""

    def of(self, use: str, application_id: str | None = None) -> Sequence[SigningKey]: ...


class WritableSigningKeys(SigningKeys, Protocol):
    """`SigningKeys` in a unit."""

    def add(self, key: SigningKey) -> None: ...
    def save(self, key: SigningKey) -> None: ...


class Vault(Protocol):
    """What needs the installation key. Nothing here ever leaves the process unprotected."""

    def derive_token(self, purpose: TokenPurpose, nonce: bytes) -> str: ...
    def token_hash(self, purpose: TokenPurpose, token: str) -> bytes:
        """What is stored in place of ``token``: nobody without the key can make one."""
        ...

    def token_hashes(self, purpose: TokenPurpose, token: str) -> Sequence[bytes]:
        """All by which ``token`` may be stored: one for each installation key, today's first."""
        ...

    def pseudonym(self, *parts: str) -> str: ...
    def keyed_hash(self, purpose: str, text: str) -> bytes: ...
    def encrypt(self, purpose: str, plain: bytes) -> bytes: ...
    def decrypt(self, purpose: str, sealed: bytes) -> bytes: ...
