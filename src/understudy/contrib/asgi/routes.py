"""Every route of an app of Starlette's kind, FastAPI's included, by what its routes tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from understudy.core.governance.routes import Route
from understudy.core.impersonation.restrictions import ANY_METHOD

_BESIDE = frozenset({"HEAD", "OPTIONS"})


def asgi_routes(routes: Iterable[Any], under: str = "") -> Iterator[Route]:
    """One for each method of each of ``routes``, and of what is mounted or included there.

    Of a mounted app that has no routes of its own, every path and method.
    """
    for route in routes:
        included = getattr(route, "effective_route_contexts", None)
        if included is not None:  # how newer releases of FastAPI keep a router
            yield from asgi_routes(included(), under)
            continue
        path = under + getattr(route, "path", "")
        within = getattr(route, "routes", None)
        if within:
            yield from asgi_routes(within, path)
        elif within is not None:
            yield Route(method=ANY_METHOD, path=f"{path}/{{path}}")
        else:
            yield from _each(route, path)


def _each(route: Any, path: str) -> Iterator[Route]:  # noqa: ANN401 - any framework's route
    methods = getattr(route, "methods", None)
    # A class as an endpoint does not say, nor what comes over a socket.
    named = methods if methods is not None else {ANY_METHOD}
    for method in sorted(set(named) - _BESIDE):
        yield Route(method=method, path=path)
