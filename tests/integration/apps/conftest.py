"""Apps of others behind the middleware, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from tests.fixtures.asgi_server import served
from tests.integration.apps.browser import Browser
from tests.integration.contrib.wsgi.conftest import service
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

# The service, for apps that are processes of their own.
__all__ = ["service"]

Visit = Callable[[Any], Browser]


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def visit(gateway: FakeGateway) -> Iterator[Visit]:
    """Serves an app that is wrapped whole, and gives a browser in front of it."""
    understudy = gateway.understudy()
    with ExitStack() as stack:

        def start(app: Any) -> Browser:
            site = UnderstudyMiddleware(app, understudy=understudy, hand_offs=("code", "stytch"))
            return stack.enter_context(closing(Browser(stack.enter_context(served(site)))))

        yield start
    understudy.close()
