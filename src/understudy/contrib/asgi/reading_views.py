"""Views of Starlette and FastAPI that are declared to change nothing, by the app's own routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from understudy.core.impersonation.restrictions import SAFE_METHODS, Methods
from understudy.sdk.declared_reads import is_reading_view
from understudy.sdk.guard import Asked
from understudy.sdk.scope import Scope


def ask_views(app: object, scope: Scope, asked: Asked) -> None:
    """Let the guard find out whether the view of ``scope`` is declared to change nothing.

    ``app`` is what is called, where no framework around us has named its own.
    """
    routes = getattr(scope.get("app", app), "routes", None)
    if routes is not None and asked.changes and not asked.socket:
        asked.by_view = partial(_only_reads, routes, scope, asked.methods)


def _only_reads(routes: Iterable[Any], scope: Scope, methods: Methods) -> bool:
    """Whether whatever view the request may reach, by any of its methods, is declared."""
    unsafe = [method for method in methods if method not in SAFE_METHODS]
    found = {method: _endpoint(routes, {**scope, "method": method}) for method in unsafe}
    reached = {method: view for method, view in found.items() if view is not None}
    return bool(reached) and all(
        is_reading_view(view, (method,), view if isinstance(view, type) else None)
        for method, view in reached.items()
    )


def _endpoint(routes: Iterable[Any], scope: Mapping[str, Any]) -> object:
    """The view that routes lead to; None where they lead to none."""
    for route in routes:
        # FastAPI keeps a router that is included as one route, which does not say to what it leads.
        within = getattr(route, "effective_candidates", None)
        if within is not None:
            found = _endpoint(within(), scope)
            if found is not None:
                return found
            continue
        match, child = route.matches(scope)
        if match.name == "FULL":
            inner = getattr(route, "routes", None)
            # What is mounted has routes of its own, or none that anybody could look up.
            if inner is not None:
                return _endpoint(inner, {**scope, **child})
            return child.get("endpoint")
    return None
