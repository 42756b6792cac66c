"""What an app's own code says of its views, for whoever lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from understudy.core.governance.routes import Route, RouteClass
from understudy.core.impersonation.restrictions import ANY_METHOD, CHANGING
from understudy.sdk.declared_reads import DeclaredReads, is_reading_view
from understudy.sdk.forbidding import FORBIDDEN_MARK, forbid_while_impersonating

_NO_NAMES: Mapping[str, str] = {}


def route_of_view(
    method: str,
    path: str,
    view: object,
    *,
    kind: type | None = None,
    names: Mapping[str, str] = _NO_NAMES,
    dependencies: Iterable[object] = (),
) -> Route:
    """A route with what its view says: that it changes nothing, or refuses actors.

    ``kind`` is the class that a view was made of, ``names`` say which of its methods answers what,
    ``dependencies`` are called before it.
    """
    methods = CHANGING if method == ANY_METHOD else (method,)
    handlers = [getattr(kind, names.get(one.lower(), one.lower()), None) for one in methods]
    found = [one for one in handlers if one is not None]
    if any(map(_is_forbidden, (view, kind, *dependencies))) or _all_forbidden(found):
        return Route(method=method, path=path, said=RouteClass.BLOCKED)
    reads = is_reading_view(view, methods, kind, names)
    return Route(method=method, path=path, said=RouteClass.READ if reads else None)


def with_declared(routes: Iterable[Route], declared: Iterable[str]) -> Iterator[Route]:
    """The routes with what an installation's ``reads`` says of them."""
    reads = DeclaredReads(declared)
    for one in routes:
        said = one.said
        if said is None and reads.cover(one.methods, (one.sample,)):
            said = RouteClass.READ
        yield Route(method=one.method, path=one.path, said=said)


def _is_forbidden(called: object) -> bool:
    return called is forbid_while_impersonating or getattr(called, FORBIDDEN_MARK, False) is True


def _all_forbidden(handlers: Sequence[object]) -> bool:
    # Of those that are there: a method without one answers nobody.
    return bool(handlers) and all(map(_is_forbidden, handlers))
