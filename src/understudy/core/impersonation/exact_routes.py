"""Routes that are let through by an exception, and so are held to as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from understudy.core.impersonation.patterns import matcher
from understudy.core.impersonation.restrictions import ANY_METHOD, spellings
from understudy.core.impersonation.tracks import PLACEHOLDER

_ROUTE = re.compile(r"(?:(?P<method>[A-Z]+|\*) )?(?P<path>/\S*)")
_EVERYTHING = ("/**", "/{rest:path}")
_REST = "{**}"
_REMEMBERED = 512
_ONE, _MANY = "some-thing", "some-thing/be-low"
"""For a placeholder, and for one that takes slashes: nobody calls a part of an address that."""


@dataclass(frozen=True, kw_only=True)
class ExactRoute:
    """A method, or ``*``, and a pattern of blocked actions.

    But for the case of letters and the slash at the end, which count: ``/items/SEARCH`` may be
    another route than ``/items/search``.
    """

    method: str
    pattern: str
    exactly: re.Pattern[str]

    def covers(self, method: str, path: str) -> bool:
        """Whether it is this route, whose path has but one reading."""
        if self.method not in (ANY_METHOD, method) or not is_plain(path):
            return False
        # First in time that grows with the path alone, whatever its wildcards are.
        return any(map(matcher(self.pattern), spellings(path))) and bool(
            self.exactly.fullmatch(path)
        )


@lru_cache(maxsize=_REMEMBERED)
def exact_route(text: str) -> ExactRoute | None:
    """``METHOD /pattern``, or ``/pattern`` whatever the method; None where it is neither, or covers
    everything.
    """
    found = _ROUTE.fullmatch(text)
    if found is None or found["path"] in _EVERYTHING:
        return None
    pattern = found["path"]
    return ExactRoute(
        method=found["method"] or ANY_METHOD, pattern=pattern, exactly=_exactly(pattern)
    )


def is_plain(path: str) -> bool:
    """Whether no layer reads another path in ``path``, but for the case of its letters."""
    return {path.casefold().rstrip("/") or "/"} == set(spellings(path))


def instances(pattern: str) -> tuple[str, ...]:
    """Paths of ``pattern`` that a pattern has to cover if it covers all of them."""
    return tuple(
        PLACEHOLDER.sub(_instance, unquote(pattern).replace("/**", rest))
        for rest in ("", f"/{_MANY}")
    )


def _instance(found: re.Match[str]) -> str:
    return _MANY if found[0].endswith(":path}") else _ONE


def _exactly(pattern: str) -> re.Pattern[str]:
    pieces = PLACEHOLDER.split(pattern.replace("/**", _REST))
    return re.compile("".join(map(_expression, pieces)), re.DOTALL)


def _expression(piece: str) -> str:
    if piece == _REST:
        return "(?:/.*)?"
    if PLACEHOLDER.fullmatch(piece):
        return ".+" if piece.endswith(":path}") else "[^/]+"
    return re.escape(unquote(piece))
