"""Apps under the middleware on a real server, and what they ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.contract.rules.world import World, world
from tests.fixtures.asgi_server import served
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.testing import FakeGateway

Serve = Callable[..., int]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[World]:
    """One that a service can be started over: it lies in the test's own folder."""
    with world(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path) as made:
        made.set_up_application()
        yield made


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
