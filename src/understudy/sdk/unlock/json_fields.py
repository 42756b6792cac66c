"""The members of a JSON object as fields, their values as canonical text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn

from understudy.sdk.unlock.unbound import Unbound

_WHOLE = "whole"
"""The name of the one field of a body that is no object, which is said beside it."""
_MOST_LEVELS = 100
"""So many objects and lists within each other a member may have."""


class _Number(str):
    """A number as it was written: 1.10 is not 1.1, and no float holds every integer."""

    __slots__ = ()


def fields_of_json(body: bytes) -> tuple[list[tuple[str, str]], Sequence[str]]:
    """(name, text of the value) for each member, in the order of the body; and whether it is whole.

    :raises Unbound: no JSON, a member twice, a number that JSON does not know, or too deep.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_unknown,
        )
        if isinstance(value, dict):
            return [(name, _text(member)) for name, member in value.items()], ()
        return [(_WHOLE, _text(value))], (_WHOLE,)
    except (ValueError, RecursionError):
        raise Unbound from None


def _text(value: object, left: int = _MOST_LEVELS) -> str:
    """``value`` as text, within ``left`` levels."""
    if isinstance(value, _Number):
        return str(value)
    if not isinstance(value, dict | list):
        told = json.dumps(value, ensure_ascii=False)
        told.encode("utf-8")  # half a letter, by an escape, is none: another ValueError
        return told
    # Here and not by what the interpreter can bear, which is another thing in each.
    if left == 0:
        raise Unbound
    if isinstance(value, dict):
        members = (f"{_text(name)}:{_text(value[name], left - 1)}" for name in sorted(value))
        return "{" + ",".join(members) + "}"
    return "[" + ",".join(_text(one, left - 1) for one in value) + "]"


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unbound
    return found


def _unknown(_: str) -> NoReturn:
    raise Unbound
