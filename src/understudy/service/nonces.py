"""Random values that the rim of the service makes up: request ids, nonces, JWT ids."""

from __future__ import annotations

import secrets

_BYTES = 12


def new_request_id() -> str:
    """16 characters that name one request."""
    return secrets.token_urlsafe(_BYTES)


def new_nonce() -> str:
    """A nonce for one answer's Content-Security-Policy: 128 bits (CSP 3, section 7.1)."""
    return secrets.token_urlsafe(16)


def new_jwt_id() -> str:
    """A ``jti``: 128 bits (RFC 7519, section 4.1.7)."""
    return secrets.token_urlsafe(16)
