"""Routes that an app declares to change nothing, whatever their method: searches, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from understudy.core.impersonation.exact_routes import ExactRoute, exact_route, is_plain
from understudy.core.impersonation.restrictions import SAFE_METHODS, Methods
from understudy.errors import SetupError

V = TypeVar("V", bound=Callable[..., object] | type)
READS_MARK = "understudy_reads"
"""What a view has that is declared to change nothing."""
_BY_METHOD: Mapping[str, str] = {}


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
        self._routes = tuple(map(_route, patterns))

    def cover(self, methods: Methods, paths: tuple[str, ...]) -> bool:
        """Whether the request is declared to change nothing, whatever it is taken for."""
        unsafe = set(methods) - SAFE_METHODS
        # Behind a mount point a path has two readings of which a router takes one.
        return all(map(is_plain, paths)) and all(
            any(route.covers(method, path) for route in self._routes for path in paths)
            for method in unsafe
        )

    def __bool__(self) -> bool:
        return bool(self._routes)


def _route(pattern: str) -> ExactRoute:
    found = exact_route(pattern)
    if found is None:
        raise SetupError(f"reads names routes like 'POST /search' or '/search', not {pattern!r}.")
    return found
