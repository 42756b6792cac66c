"""How many names a JSON document must have held, told from what it was decoded to."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

_PLAIN = (type(None), msgspec.UnsetType, bool, int, float, str)


def names_at_least(decoded: Any) -> int:  # noqa: ANN401  # whatever msgspec can decode
    """Names that the document held for certain, none of them twice in the same object.

    A name is followed by a colon: a document with no more colons than this has no name twice.
    """
    if isinstance(decoded, list | tuple):
        return sum(map(names_at_least, decoded))
    count = 0
    type_: Any = type(decoded)
    for name, default in _telling_fields(type_):
        value = getattr(decoded, name)
        if value is not default:
            count += 1 if type(value) in _PLAIN else 1 + names_at_least(value)
    return count


@cache
def _telling_fields(type_: Any) -> tuple[tuple[str, object], ...]:  # noqa: ANN401
    """Fields by whose values one can tell that they were given, with the value that cannot tell.

    A default that is made anew for each struct looks like a value that was given.
    """
    if not issubclass(type_, msgspec.Struct) or type_.__struct_config__.array_like:
        return ()
    names, defaults = type_.__struct_fields__, type_.__struct_defaults__
    required = (msgspec.NODEFAULT,) * (len(names) - len(defaults))
    fields = zip(names, (*required, *defaults), strict=True)
    telling = (*_PLAIN, type(msgspec.NODEFAULT))
    return tuple((name, default) for name, default in fields if type(default) in telling)
