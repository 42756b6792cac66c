"""Cursors of lists: opaque to callers, the last row's sort key to us."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from understudy.core.ports import Page
from understudy.core.times import to_ms
from understudy.errors import InvalidInput

T = TypeVar("T")
Key = tuple[str, ...]

_decode = msgspec.json.Decoder(tuple[str, ...]).decode


def to_cursor(key: Key) -> str:
    """The cursor that stands for ``key``."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def from_cursor(cursor: str) -> Key:
    """The key behind ``cursor``.

    :raises InvalidInput: when nobody here made it.
    """
    try:
        key = _decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        key = None
    if key is None or to_cursor(key) != cursor or "\x00" in "".join(key):
        raise InvalidInput("This is not a cursor of ours.", facts={"field": "cursor"})
    return key


def page_of(cursor: str | UnsetType, limit: int) -> Page:
    """The page to read: one row more than wanted tells whether another page follows."""
    return Page(limit=limit + 1, after=None if cursor is UNSET else from_cursor(str(cursor)))


def time_key(moment: datetime, row_id: str) -> Key:
    """The sort key of lists that are newest first."""
    return (str(to_ms(moment)), row_id)


def cut(
    rows: Sequence[T], limit: int, key_of: Callable[[T], Key]
) -> tuple[Sequence[T], str | None]:
    """The rows of the page, and the cursor of the next one if there is any."""
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    return shown, to_cursor(key_of(shown[-1]))
