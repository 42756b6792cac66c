"""Flask-Caching under a session: what is made in one is neither kept nor taken from what is kept.

Its keys name a view and not a person, so that a page of the session would be everybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from understudy.errors import SetupError
from understudy.sdk.context import current_impersonation


def let_caches_rest(app: Flask) -> None:
    """Let cached views and memoized functions be called in a session; once for each cache.

    :raises SetupError: the app's cache cannot be told to; a session would fill it for everybody.
    """
    caches = app.extensions.get("cache")
    for cache in caches if isinstance(caches, dict) else ():
        bypasses = getattr(cache, "_bypass_cache", None)
        if bypasses is None and hasattr(cache, "cached"):
            raise SetupError("This Flask-Caching is too old, or too new, to rest in sessions.")
        if bypasses is not None and not isinstance(bypasses, RestsInSessions):
            cache._bypass_cache = RestsInSessions(bypasses)


class RestsInSessions:
    """In place of a cache's own question whether to leave it alone this time."""

    def __init__(self, bypasses: Callable[..., bool]) -> None:
        self._bypasses = bypasses

    def __call__(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401  (a view's own)
        """True in a session; else what the app says."""
        return current_impersonation() is not None or self._bypasses(*args, **kwargs)
