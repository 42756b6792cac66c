"""Values in columns of JSON, which nodes of two versions share.

What this version does not know survives when it writes a row back: members of a class lie in its
``unknown``, members of an enumeration stay plain text. Neither grants anything here: no rule asks
for a text that no enumeration of this version has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

UNKNOWN = "unknown"
"""The field of a class that holds what a newer version has written beside its own members."""

Read = Callable[[Any], Any]

_logger = logging.getLogger(__name__)


def to_json(value: object) -> str:
    """Canonical JSON: sorted keys and sets, no spaces."""
    return msgspec.json.encode(plain(value), order="sorted").decode()


def from_json(hint: Any) -> Callable[[str], Any]:  # noqa: ANN401 - any type hint
    """A function that reads what `to_json` has written of a value of this type."""
    read = _reader(hint)
    return lambda text: read(msgspec.json.decode(text))


def enumeration(kind: type[StrEnum]) -> Read:
    """A function that reads a member of ``kind``, and says once which one it does not know."""
    members: Mapping[str, StrEnum] = {member.value: member for member in kind}

    @lru_cache(maxsize=16)
    def unknown(text: str) -> str:
        _logger.warning(
            "a newer version has stored the %s %r: it has no effect",
            kind.__name__,
            text,
            extra={"action": "read_stored_json"},
        )
        return text

    return lambda text: members.get(text) or unknown(text)


def without_none(hint: Any) -> Any:  # noqa: ANN401 - any type hint
    """What may be there besides None."""
    if get_origin(hint) not in (Union, UnionType):
        return hint
    (kind,) = (part for part in get_args(hint) if part is not NoneType)
    return kind


def plain(value: Any) -> Any:  # noqa: ANN401 - any value
    """``value`` as JSON has it, with what a newer version added where that had put it."""
    if is_dataclass(value):
        own = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return own.pop(UNKNOWN) | own
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


def _reader(hint: Any) -> Read:  # noqa: ANN401 - any type hint
    kind = without_none(hint)
    if is_dataclass(kind) and isinstance(kind, type):
        return _class_reader(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return enumeration(kind)
    if get_origin(kind) in (tuple, frozenset):
        make, read = get_origin(kind), _reader(get_args(kind)[0])
        return lambda parts: make(map(read, parts))
    return lambda plain: msgspec.convert(plain, hint)


def _class_reader(kind: type[Any]) -> Read:
    hints = get_type_hints(kind)
    if hints.pop(UNKNOWN, None) is None:
        raise TypeError(f"{kind.__name__} has no place for what a newer version stores in it")
    readers = {name: _reader(hint) for name, hint in hints.items()}

    def read(plain: dict[str, Any]) -> Any:  # noqa: ANN401 - a value of ``kind``
        own = {name: read(plain[name]) for name, read in readers.items() if name in plain}
        more = {name: value for name, value in plain.items() if name not in readers}
        return kind(**own, **{UNKNOWN: more})

    return lambda plain: None if plain is None else read(plain)
