"""A service in memory, and an app's link to it, for every framework's adapter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from understudy.sdk.understudy import Understudy
from understudy.testing import FakeGateway


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def understudy(gateway: FakeGateway) -> Iterator[Understudy]:
    """The app's link, closed behind the test."""
    made = gateway.understudy()
    yield made
    made.close()
