"""A batch arrives, its answer does not, and then a proxy refuses it for its size."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.contract.rules.world import World
from tests.fixtures.impersonation import BEGIN
from tests.fixtures.refusals import refusal_of
from tests.integration.sdk.remote_gateways import remote_gateway
from understudy.core.notices.events import EventType
from understudy.errors import IdempotencyConflict
from understudy.sdk.recorder import Recorder
from understudy.sdk.values import Phase, RecordedAction


class RefusesWhatItTook(httpx.HTTPTransport):
    """Drops the answers to the first ``losses`` batches; takes no more than ``most`` later."""

    def __init__(self, losses: int, most: int) -> None:
        super().__init__()
        self._losses = losses
        self._most = most

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._losses:
            self._losses -= 1
            super().handle_request(request).read()
            raise httpx.ReadTimeout("the answer is gone")
        if request.content.count(b'"id"') > self._most:
            return httpx.Response(413, text="too large")
        return super().handle_request(request)


def _action(number: int) -> RecordedAction:
    return RecordedAction(f"a{number}", Phase.COMPLETED, BEGIN, "GET", f"/{number}")


def _paths(made: World) -> list[object]:
    entries = made.entries(EventType.ACTION_COMPLETED)
    return [(entry.personal or {}).get("path") for entry in reversed(entries)]


@pytest.mark.parametrize(("losses", "most"), [(1, 2), (0, 2), (1, 1), (1, 0)])
def test_every_action_is_in_the_log_once(
    installation: World, tmp_path: Path, losses: int, most: int
) -> None:
    session = installation.session().session.id
    with remote_gateway(installation, tmp_path, lambda: RefusesWhatItTook(losses, most)) as gateway:
        keys = count(1)
        recorder = Recorder(gateway=gateway, new_key=lambda: f"key-{next(keys)}")
        for number in range(7):
            recorder.add(session, _action(number))
        recorder.close(20)
    assert _paths(installation) == [f"/{number}" for number in range(7)]


def test_a_whole_that_arrives_after_a_part_is_not_written(
    installation: World, tmp_path: Path
) -> None:
    session = installation.session().session.id
    actions = [_action(0), _action(1)]
    with remote_gateway(installation, tmp_path, httpx.HTTPTransport) as gateway:
        gateway.record(session, actions[:1], key="k;part=0")
        with refusal_of(IdempotencyConflict, "idempotency_conflict"):
            gateway.record(session, actions, key="k")
        gateway.record(session, actions[1:], key="k;part=1")
    assert _paths(installation) == ["/0", "/1"]
