"""Every route of an app of Starlette's kind, FastAPI's included, by what its routes tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from understudy.contrib.asgi.middleware import UnderstudyMiddleware
from understudy.core.governance.routes import Route
from understudy.core.impersonation.restrictions import ANY_METHOD
from understudy.sdk.said_of_views import route_of_view

_BESIDE = frozenset({"HEAD", "OPTIONS"})


class Within(NamedTuple):
    """An app's routes, and what the guards around it declare to change nothing."""

    routes: Sequence[Any]
    reads: tuple[str, ...]


def within(app: Any) -> Within | None:  # noqa: ANN401 - whatever a module has
    """What is found in an app around which middleware may have been put; None without routes."""
    reads: list[str] = []
    while not hasattr(app, "routes") and hasattr(app, "app"):
        reads.extend(getattr(app, "reads", ()))
        app = app.app
    if not hasattr(app, "routes"):
        return None
    for one in getattr(app, "user_middleware", ()):
        if one.cls is UnderstudyMiddleware:
            reads.extend(one.kwargs.get("reads", ()))
    return Within(app.routes, tuple(reads))


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
    view = getattr(route, "endpoint", None)
    kind = view if isinstance(view, type) else None
    dependant = getattr(route, "dependant", None)
    called = [one.call for one in dependant.dependencies] if dependant is not None else ()
    for method in sorted(set(named) - _BESIDE):
        yield route_of_view(method, path, view, kind=kind, dependencies=called)
