"""Apps under the middleware, and the browsers that use them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest

from tests.fixtures.browser import Browser
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.sdk.understudy import Understudy

App = Callable[..., Awaitable[None]]


class Guarded(Protocol):
    """Puts an app under the middleware and gives a browser that visits it."""

    def __call__(self, app: App, **options: Any) -> Browser: ...


@pytest.fixture
def guarded(understudy: Understudy) -> Guarded:
    return lambda app, **options: Browser(
        UnderstudyMiddleware(app, understudy=understudy, **options)
    )
