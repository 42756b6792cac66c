"""A service whose webhooks may reach loopback, and somebody there to receive them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fixtures.names import look_up_nobody
from tests.fixtures.service import World
from tests.fixtures.service import world as service_world
from tests.integration.webhooks.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def nobody_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some tests have endpoints at names that nobody has; nobody is to be asked for them."""
    look_up_nobody(monkeypatch)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A service on SQLite."""
    async with service_world(tmp_path, webhook_allowed_hosts=("127.0.0.1",)) as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Somebody who takes everything."""
    with receiving() as made:
        yield made
