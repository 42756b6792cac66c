"""Apps under the middleware on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.fixtures.asgi_server import served
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

Serve = Callable[..., int]


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def serve(gateway: FakeGateway) -> Iterator[Serve]:
    """Serves an app under the middleware and gives its port."""
    understudy = gateway.understudy()
    with ExitStack() as servers:

        def start(app: Any, **options: Any) -> int:
            guarded = UnderstudyMiddleware(app, understudy=understudy, **options)
            return servers.enter_context(served(guarded))

        yield start
    understudy.close()
