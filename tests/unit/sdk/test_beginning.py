"""How a session begins that staff have asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.sdk.desk import KIM, SCRIPT, Desk, held_up, home_of, open_desk
from tests.unit.sdk.visiting import ORIGIN, body
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk import beginning
from understudy.sdk.passage.steps import AskApp, ReadBody, Wait
from understudy.sdk.visit import Visit


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as desk:
        yield desk


def test_a_session_that_comes_too_late_is_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "EXCHANGE_SECONDS", 0.01)
    with held_up(desk, "exchange", monkeypatch):
        assert body(desk.start())["code"] == "outcome_unknown"
    (session,) = desk.gateway.sessions()
    assert desk.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR


def test_a_browser_that_goes_before_its_cookie_leaves_no_session() -> None:
    with open_desk(home_of=home_of) as desk:
        visit = Visit(
            method="POST",
            origin=ORIGIN,
            base="",
            headers=(*SCRIPT, ("content-type", "application/json")),
            request={"signed_in_as": "kim"},
        )
        steps = desk.routes.serving(visit, "/_understudy/start")
        assert isinstance(next(steps), ReadBody)
        asked = steps.send(b'{"subject_id": "ada", "reason": "Cannot see the invoice"}')
        assert isinstance(asked, AskApp)
        grant = steps.send(KIM)
        assert isinstance(grant, Wait)
        grant.future.result(5)
        exchange = steps.send(None)
        assert isinstance(exchange, Wait)
        session = exchange.future.result(5).session
        assert isinstance(steps.send(None), AskApp)
        steps.close()
        assert desk.gateway.wait_until_ended(session.id) is EndCause.ENDED_BY_ACTOR
