"""The scope under which the app serves an impersonated request."""

from __future__ import annotations

from understudy.contrib.asgi.identity import AskedState, OverlaidScope, Users
from understudy.contrib.asgi.own_page import PAST_US
from understudy.contrib.asgi.types import Scope
from understudy.sdk.passage.passage import Passage


def overlaid(scope: Scope, passage: Passage, users: Users) -> OverlaidScope:
    """The scope in which the app sees the subject, and nothing that pretends to come from us."""
    present = passage.present
    impersonation = present.impersonation
    extensions = dict(scope.get("extensions") or {})
    for name in PAST_US:
        extensions.pop(name, None)
    state = AskedState(scope.get("state") or {}, present)
    changed = {
        **scope,
        "headers": passage.crossing.to_app(scope["headers"]),
        "state": state,
        "extensions": extensions,
    }
    if passage.crossing.scheme is not None:
        changed["scheme"] = _scheme_of(scope, passage.crossing.scheme)
    pinned = {**passage.pinned(), **users.pinned(impersonation.user)}
    return OverlaidScope(changed, pinned, present)


def _scheme_of(scope: Scope, scheme: str) -> str:
    return scheme.replace("http", "ws") if scope["type"] == "websocket" else scheme


def route_of(scope: Scope) -> str | None:
    """The pattern of the route that the framework chose, without values."""
    route = scope.get("route")
    path = scope.get("path_template") if route is None else getattr(route, "path", None)
    return path if isinstance(path, str) else None
