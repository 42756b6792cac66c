"""Signatures of messages (Standard Webhooks 1.0.0, symmetric ``v1``)."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

_FAMILIES = ("webhook", "svix")
"""Whose header names there are: libraries of either kind find theirs."""


def signature_headers(
    message_id: str, at: datetime, body: bytes, *, secrets: Sequence[bytes]
) -> dict[str, str]:
    """What proves to a receiver that ``body`` comes from us, sent ``at`` this attempt.

    One signature for each secret, the newest first: while a secret is replaced, receivers that know
    either accept the message.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets)
    return {
        f"{family}-{name}": value
        for family in _FAMILIES
        for name, value in (
            ("id", message_id),
            ("timestamp", timestamp),
            ("signature", signatures),
        )
    }


def _sign(secret: bytes, signed: bytes) -> str:
    return b64encode(hmac.digest(secret, signed, "sha256")).decode()
