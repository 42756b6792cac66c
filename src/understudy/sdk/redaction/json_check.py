"""Whether a body is JSON, as everybody reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn

from understudy.sdk.redaction.unreadable import Unreadable


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _reader() -> Callable[[bytes], object]:
    # A fifth of the standard library's time, where the app has it.
    with suppress(ImportError):
        import msgspec

        return msgspec.json.Decoder(msgspec.Raw).decode
    return partial(json.loads, parse_constant=_refuse)


_read = _reader()


def require_json(body: bytes) -> None:
    """Return only if ``body`` is JSON in UTF-8 (RFC 8259).

    :raises Unreadable: it is not, or is nested too deeply.
    """
    try:
        if not body.isascii():
            body.decode()
        _read(body)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
