"""An app of either framework with a browser at it, and a service in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.peers.desk import Desk
from tests.acceptance.peers.django_desk import DjangoDesk, django_app
from tests.acceptance.peers.flask_desk import flask_app
from understudy.testing import FakeGateway


class Clock:
    """The service's, which a test may put on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(autouse=True)
def beside_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests in a browser leave a loop of their own in this thread, on which nothing of Django's
    runs.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def clock() -> Clock:
    """The service's time."""
    return Clock()


@pytest.fixture
def gateway(clock: Clock) -> FakeGateway:
    """The service."""
    return FakeGateway(clock=clock)


@pytest.fixture(params=["django", "flask"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, gateway: FakeGateway) -> Iterator[Desk]:
    """A browser before anybody has signed in, at an app of each framework."""
    made = django_app(tmp_path, gateway) if request.param == "django" else flask_app(gateway)
    with made as found:
        yield found
        # Closing waits for what could not be told.
        gateway.reachable = True


@pytest.fixture
def django_desk(tmp_path: Path, gateway: FakeGateway) -> Iterator[DjangoDesk]:
    """The same, where it is about Django alone."""
    with django_app(tmp_path, gateway) as found:
        yield found
