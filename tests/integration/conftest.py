"""The service on SQLite; what differs between databases is tested with the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fixtures import service
from tests.fixtures.service import World
from understudy.sdk import leaving, remote
from understudy.sdk.passage import action_log, steps, unlocking

PATIENT_SECONDS = 20.0


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps in this process wait longer than a second for the service that runs beside them.

    Both share two cores with other tests: a second without an answer is no fault here, and what
    comes of one is tried where nobody answers at all.
    """
    for module in (steps, leaving, unlocking):
        monkeypatch.setattr(module, "ASK_SECONDS", PATIENT_SECONDS)
    for name in ("CONNECT_SECONDS", "REFRESH_SECONDS", "RECORD_SECONDS"):
        monkeypatch.setattr(remote, name, PATIENT_SECONDS)
    monkeypatch.setattr(action_log, "INTENT_SECONDS", PATIENT_SECONDS)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A running service with one application."""
    async with service.world(tmp_path) as found:
        yield found
