"""The service has exchanged a token, and its answer never reaches the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx
import pytest

from tests.contract.rules.world import World
from tests.fixtures.refusals import refusal_of
from tests.integration.sdk.remote_gateways import remote_gateway
from understudy.core.notices.events import EventType
from understudy.errors import OutcomeUnknown
from understudy.sdk.cache import Held, SessionCache
from understudy.sdk.pulse import Pulse
from understudy.sdk.secret import Secret
from understudy.sdk.sessions import Sessions
from understudy.sdk.values import Presented


class LosesAnswers(httpx.HTTPTransport):
    """Lets every request arrive, and drops the first answers to exchanges."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self._losses = losses

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if self._losses and request.url.path.endswith("/exchange"):
            self._losses -= 1
            answer.read()
            raise httpx.RemoteProtocolError("the connection is gone")
        return answer


@contextmanager
def _sessions(made: World, folder: Path, *, losses: int) -> Iterator[Sessions]:
    """What an app asks, behind a network that loses ``losses`` answers."""
    pulse = Pulse()
    with remote_gateway(made, folder, lambda: LosesAnswers(losses)) as gateway:
        yield Sessions(
            gateway=gateway,
            cache=SessionCache(pulse=pulse, monotonic=monotonic),
            pulse=pulse,
            monotonic=monotonic,
            pause=lambda _: None,
        )


@pytest.mark.parametrize("losses", [0, 1, 2])
def test_the_app_gets_its_session_and_nobody_is_alarmed(
    installation: World, tmp_path: Path, losses: int
) -> None:
    presented = Presented(token=Secret(installation.token(installation.granted())))
    with _sessions(installation, tmp_path, losses=losses) as sessions:
        opened = sessions.exchange(presented)
        assert isinstance(sessions.refresh(opened.session_token), Held)
    assert len(installation.entries(EventType.SESSION_STARTED)) == 1
    assert installation.entries(EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED) == []


def test_an_app_that_hears_nothing_at_all_says_that_it_does_not_know(
    installation: World, tmp_path: Path
) -> None:
    presented = Presented(token=Secret(installation.token(installation.granted())))
    with (
        _sessions(installation, tmp_path, losses=3) as sessions,
        refusal_of(OutcomeUnknown, "outcome_unknown"),
    ):
        sessions.exchange(presented)
    assert len(installation.entries(EventType.SESSION_STARTED)) == 1
    assert installation.entries(EventType.TOKEN_REPLAYED, EventType.SESSION_REVOKED) == []
