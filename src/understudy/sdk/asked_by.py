"""Under whose session something was asked for, by the request that the app still has in hand."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from understudy.sdk.context import Impersonation, Present, present_request

PINNED = "understudy.impersonation"
IS_OVER = "understudy.is_over"
"""Where adapters pin to a scope whose session it belongs to, and who can tell that it is over."""
_NESTED = 2


def impersonation_of(request: object) -> Impersonation | None:
    """The session that ``request`` came in, also once it is over; None for a user's own request.

    For code that a queue runs, and that has no other way to know: ``request`` is an ASGI scope,
    anything with a ``scope``, such as a Starlette request, anything with such a ``request``, such
    as Gradio's, or an ``environ`` of WSGI or python-socketio. That the session still goes on is not
    said.

    :raises TypeError: it carries no scope.
    """
    scope = scope_of(request)
    if scope is None:
        raise TypeError(f"{type(request).__name__} carries no ASGI scope.")
    return _pinned(scope)


def found_in(value: object) -> Impersonation | None:
    """The session that ``value`` came in, if it is a request at all."""
    scope = scope_of(value)
    return None if scope is None else _pinned(scope)


def scope_of(value: object, *, nested: int = _NESTED) -> Mapping[str, Any] | None:
    """The ASGI scope that ``value`` is, or carries."""
    if isinstance(value, Mapping):
        inner = value.get("asgi.scope")
        return inner if isinstance(inner, Mapping) else value
    if not nested:
        return None
    for name in ("scope", "request"):
        # Looked up without asking the object: what is loaded lazily would be loaded by that.
        if inspect.getattr_static(value, name, None) is not None:
            scope = scope_of(getattr(value, name), nested=nested - 1)
            if scope is not None:
                return scope
    return None


def _pinned(scope: Mapping[str, Any]) -> Impersonation | None:
    # By its type: a mapping may as well be what a browser has sent.
    found = scope.get(PINNED)
    if not isinstance(found, Impersonation):
        return None
    present = present_request()
    if isinstance(present, Present) and present.impersonation is found:
        # Scopes of ASGI note it themselves; an environ of WSGI has to be a plain dictionary.
        present.asked = True
    return found
