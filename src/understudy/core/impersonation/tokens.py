"""Identifiers and bearer tokens: how they look, and how they are derived and hashed.

All are made of ``[A-Za-z0-9_-]`` only, because OAuth client libraries disagree about encoding
anything else in Basic credentials (RFC 6749, section 2.3.1).
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from enum import StrEnum

ID_BYTES = 16
"""128 random bits an id: not guessable, never reused."""
NONCE_BYTES = 32
"""256 random bits behind every token."""


class IdPrefix(StrEnum):
    """The first letters of an id say what it names."""

    APPLICATION = "app_"
    ORGANIZATION = "org_"
    SUBJECT = "sub_"
    OPERATOR = "opr_"
    OPERATOR_SESSION = "ops_"
    GRANT = "grt_"
    SESSION = "ses_"
    ACTOR = "act_"
    KEY = "key_"
    WEBHOOK_ENDPOINT = "whe_"
    WEBHOOK_MESSAGE = "msg_"
    HOLD = "hld_"
    UNLOCK = "unl_"
    REVEAL = "rvl_"
    APPROVAL = "apr_"
    REVIEW = "rvw_"
    CONSENT = "cns_"
    CONSENT_REQUEST = "csr_"
    CASE = "cas_"
    POLICY_SET = "pol_"
    LOOSENING = "lsn_"


class TokenPurpose(StrEnum):
    """The first letters of a bearer token, mixed into its derivation: no token fits elsewhere."""

    IMPERSONATION = "usi_"
    SESSION = "uss_"
    OPERATOR_SESSION = "uso_"
    INVITATION = "usv_"
    APPLICATION_SECRET = "usk_"
    CONFIRMATION = "usc_"


def make_id(prefix: IdPrefix, random_bytes: bytes) -> str:
    """An id with ``prefix`` from ``ID_BYTES`` random bytes."""
    return prefix + _text(random_bytes)


def derive_token(key: bytes, purpose: TokenPurpose, nonce: bytes) -> str:
    """The token that ``nonce`` stands for under the installation's key (HMAC-SHA-256)."""
    digest = hmac.new(key, purpose.encode() + b"\x00" + nonce, hashlib.sha256).digest()
    return purpose + _text(digest)


def token_hash(token: str) -> bytes:
    """What stands for ``token`` in memory; a database has it only under a key (``Vault``)."""
    return hashlib.sha256(token.encode()).digest()


def pseudonym(key: bytes, *parts: str) -> str:
    """A stable reference for somebody whom only an application knows; useless without the key."""
    message = b"\x00".join(part.encode() for part in parts)
    return IdPrefix.ACTOR + _text(
        hmac.new(key, b"pseudonym\x00" + message, hashlib.sha256).digest()[:ID_BYTES]
    )


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
