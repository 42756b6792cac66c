"""Apps under the middleware, and the browsers that use them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol

import pytest

from tests.fixtures.browser import Browser
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

App = Callable[..., Awaitable[None]]


class Guarded(Protocol):
    """Puts an app under the middleware and gives a browser that visits it."""

    def __call__(self, app: App, **options: Any) -> Browser: ...


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def guarded(gateway: FakeGateway) -> Iterator[Guarded]:
    understudy = gateway.understudy()

    def make(app: App, **options: Any) -> Browser:
        return Browser(UnderstudyMiddleware(app, understudy=understudy, **options))

    yield make
    understudy.close()
