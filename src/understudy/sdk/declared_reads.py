"""Routes that an app declares to change nothing, whatever their method: searches, reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import unquote

from understudy.core.impersonation.restrictions import (
    ANY_METHOD,
    SAFE_METHODS,
    BlockedAction,
    Methods,
    Rulebook,
    spellings,
)
from understudy.core.impersonation.tracks import PLACEHOLDER
from understudy.errors import SetupError

V = TypeVar("V", bound=Callable[..., object] | type)
READS_MARK = "understudy_reads"
"""What a view has that is declared to change nothing."""
_BY_METHOD: Mapping[str, str] = {}
_PATTERN = re.compile(r"(?:(?P<method>[A-Z]+|\*) )?(?P<path>/\S*)")


def reads(view: V) -> V:
    """Declare that a view changes nothing, so that sessions which may only read may use it.

    For what is asked by POST all the same, such as a search; below the framework's own decorator,
    or on a class or one of its methods::

        @app.post("/search")
        @reads
        def search(): ...

    Where databases are held read-only, what it writes in spite of this is refused.
    """
    setattr(view, READS_MARK, True)
    return view


def is_declared(view: object) -> bool:
    """Whether this very view is declared to change nothing; one that inherits from it is not."""
    own = vars(view) if isinstance(view, type) else getattr(view, "__dict__", {})
    return own.get(READS_MARK) is True


def is_reading_view(
    view: object, methods: Methods, kind: type | None = None, names: Mapping[str, str] = _BY_METHOD
) -> bool:
    """Whether all that ``view`` does by any of ``methods`` is declared to change nothing.

    ``kind`` is the class that it was made of, ``names`` say which of its methods answers what.
    """
    if is_declared(view) or (kind is not None and is_declared(kind)):
        return True
    unsafe = [method.lower() for method in methods if method not in SAFE_METHODS]
    handlers = [getattr(kind, names.get(method, method), None) for method in unsafe]
    found = [handler for handler in handlers if handler is not None]
    return bool(found) and all(map(is_declared, found))


class DeclaredReads:
    """Covers requests by ``METHOD /pattern``, or by ``/pattern`` whatever the method.

    Patterns are those of blocked actions, but for the case of letters and the slash at the end,
    which count: ``/items/SEARCH`` may be another route than ``/items/search``. A path in any but
    its plainest spelling is not covered, nor is a request that some layer may take for another
    method: no exception is a way around what it is an exception from.

    :raises SetupError: a pattern has another shape, or covers everything.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        if isinstance(patterns, str):
            raise SetupError("reads is a list of routes.")
        self._rules = tuple(
            (method, Rulebook([rule], exactly=True), _exactly(rule.pattern))
            for method, rule in map(_rule, patterns)
        )

    def cover(self, methods: Methods, paths: tuple[str, ...]) -> bool:
        """Whether the request is declared to change nothing, whatever it is taken for."""
        unsafe = set(methods) - SAFE_METHODS
        # Behind a mount point a path has two readings of which a router takes one.
        return all(map(_is_plain, paths)) and all(
            any(self._covers(method, path) for path in paths) for method in unsafe
        )

    def _covers(self, method: str, path: str) -> bool:
        return any(
            of in (ANY_METHOD, method)
            and rules.blocked((method,), (path,)) is not None
            and exactly.fullmatch(path) is not None
            for of, rules, exactly in self._rules
        )

    def __bool__(self) -> bool:
        return bool(self._rules)


def _is_plain(path: str) -> bool:
    return {path.casefold().rstrip("/") or "/"} == set(spellings(path))


def _exactly(pattern: str) -> re.Pattern[str]:
    """``pattern`` with its letters and its last slash as they are written."""
    pieces = PLACEHOLDER.split(pattern.replace("/**", "{**}"))
    return re.compile("".join(map(_expression, pieces)), re.DOTALL)


def _expression(piece: str) -> str:
    if piece == "{**}":
        return "(?:/.*)?"
    if PLACEHOLDER.fullmatch(piece):
        return ".+" if piece.endswith(":path}") else "[^/]+"
    return re.escape(unquote(piece))


def _rule(pattern: str) -> tuple[str, BlockedAction]:
    found = _PATTERN.fullmatch(pattern)
    if found is None or found["path"] in ("/**", "/{rest:path}"):
        raise SetupError(f"reads names routes like 'POST /search' or '/search', not {pattern!r}.")
    method = found["method"] or ANY_METHOD
    return method, BlockedAction(method=method, pattern=found["path"], label=pattern)
