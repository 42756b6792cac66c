"""Flask apps that stand on extensions of others, behind ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.fixtures.flask_browser import AgentsBrowser
from understudy.contrib.flask import Understudy
from understudy.testing import FakeGateway

Guard = Callable[[Flask], AgentsBrowser]


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def guard(gateway: FakeGateway) -> Iterator[Guard]:
    understudy = gateway.understudy()

    def make(app: Flask) -> AgentsBrowser:
        Understudy(app, understudy=understudy)
        return AgentsBrowser(app.test_client())

    yield make
    understudy.close()
