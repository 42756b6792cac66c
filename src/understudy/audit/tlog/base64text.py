"""Base64 as every format of the log wants it: standard alphabet, padded, one spelling only."""

from __future__ import annotations

import base64
import binascii

from understudy.errors import AuditError


def encode(data: bytes) -> str:
    """The one base64 spelling of ``data`` (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str, *, error: type[AuditError] = AuditError) -> bytes:
    """The bytes behind ``text``, refused unless ``encode`` gives the same text back.

    The decoder of the standard library ignores trailing bits and so takes several texts for one
    value; two parties could then disagree on what was signed.

    :raises AuditError: or the given subclass, when the text is not canonical base64.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise error("this is not canonical base64") from None
    if encode(data) != text:
        raise error("this is not canonical base64")
    return data
