"""The scope under which the app serves an impersonated request."""

from __future__ import annotations

from understudy.contrib.asgi.identity import AskedState, OverlaidScope, Users
from understudy.contrib.asgi.types import Scope
from understudy.sdk.asked_by import IS_OVER, PINNED
from understudy.sdk.headers import for_the_app
from understudy.sdk.passage.passage import Passage

# With these a server sends files by itself, past the banner and past the end of the session.
_PAST_US = ("http.response.pathsend", "http.response.zerocopysend")


def overlaid(scope: Scope, passage: Passage, users: Users) -> OverlaidScope:
    """The scope in which the app sees the subject, and nothing that pretends to come from us."""
    present = passage.present
    impersonation = present.impersonation
    extensions = dict(scope.get("extensions") or {})
    for name in _PAST_US:
        extensions.pop(name, None)
    state = AskedState(scope.get("state") or {}, present)
    changed = {
        **scope,
        "headers": for_the_app(scope["headers"]),
        "state": state,
        "extensions": extensions,
    }
    pinned = {PINNED: impersonation, IS_OVER: passage.is_over, **users.pinned(impersonation.user)}
    return OverlaidScope(changed, pinned, present)


def route_of(scope: Scope) -> str | None:
    """The pattern of the route that the framework chose, without values."""
    route = scope.get("route")
    path = scope.get("path_template") if route is None else getattr(route, "path", None)
    return path if isinstance(path, str) else None
