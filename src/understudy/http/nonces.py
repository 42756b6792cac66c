"""Random values that the rim of the service makes up: request ids, nonces, JWT ids."""

from __future__ import annotations

import secrets
from itertools import count

_BYTES = 9


def process_name() -> str:
    """12 characters that tell this process from all others."""
    return secrets.token_urlsafe(_BYTES)


class RequestIds:
    """Ids that name requests: unique, but no secrets, and so made without asking the system."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._numbers = count()

    def __call__(self) -> str:
        """The next id."""
        return f"{self._process}{next(self._numbers):06x}"


def new_nonce() -> str:
    """A nonce for one answer's Content-Security-Policy: 128 bits (CSP 3, section 7.1)."""
    return secrets.token_urlsafe(16)


def new_jwt_id() -> str:
    """A ``jti``: 128 bits (RFC 7519, section 4.1.7)."""
    return secrets.token_urlsafe(16)
