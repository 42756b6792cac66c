"""A whole body of text without what is hidden in it."""

from __future__ import annotations

from understudy.core.redaction.rulings import Rulings
from understudy.sdk.redaction.unreadable import Unreadable


def hidden_in_text(body: bytes, rulings: Rulings) -> bytes:
    """``body`` with masks in place of what its look tells; it has no names.

    :raises Unreadable: it is not UTF-8.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    shown = rulings.hidden(text)
    return body if shown == text else shown.encode()
