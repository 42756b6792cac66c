from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World
from understudy.core.applications.application import Application
from understudy.core.impersonation.sessions import EndCause
from understudy.flows.impersonation.open_session import OpenSession
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem
from understudy.wires.oauth.refresh import problem_with_refresh, refreshed
from understudy.wires.oauth.token import Asked

ASKED = Asked(grant_type="refresh_token")


def ask(
    world: World, token: str, *, scope: str | None = None, by: Application | None = None
) -> OpenSession | OAuthProblem:
    asked = Asked(grant_type="refresh_token", refresh_token=token, scope=scope)
    application = by or world.application
    return world.run(lambda unit: refreshed(unit, asked, application=application, origin=HERE))


def error(answer: OpenSession | OAuthProblem) -> ErrorCode | None:
    return answer.error if isinstance(answer, OAuthProblem) else None


def test_a_token_has_to_be_there() -> None:
    problem = problem_with_refresh(ASKED)
    assert problem is not None
    assert problem.error is ErrorCode.INVALID_REQUEST
    assert problem_with_refresh(Asked(grant_type="refresh_token", refresh_token="uss_1")) is None


def test_it_is_a_sign_of_life_that_moves_no_end(installation: World) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=9)
    again = ask(installation, opened.session_token)
    assert isinstance(again, OpenSession)
    assert again.session_token == opened.session_token
    assert again.session.ends_at == opened.session.ends_at
    assert again.session.last_active_at == installation.clock.now
    assert installation.stored(opened).last_active_at == installation.clock.now


@pytest.mark.parametrize(
    ("span", "cause"),
    [
        (timedelta(minutes=10), EndCause.IDLE),
        (timedelta(minutes=30), EndCause.TIME_LIMIT),
    ],
)
def test_what_has_run_out_ends_here(installation: World, span: timedelta, cause: EndCause) -> None:
    opened = installation.session()
    installation.clock.now += span
    assert error(ask(installation, opened.session_token)) is ErrorCode.INVALID_GRANT
    assert installation.stored(opened).end_cause is cause
    assert error(ask(installation, opened.session_token)) is ErrorCode.INVALID_GRANT


def test_unknown_and_foreign_tokens_are_one(installation: World) -> None:
    opened = installation.session()
    other = installation.other_application
    assert ask(installation, opened.session_token, by=other) == ask(installation, "uss_unknown")
    assert error(ask(installation, "uss_unknown")) is ErrorCode.INVALID_GRANT
    assert isinstance(ask(installation, opened.session_token), OpenSession)


def test_a_wrong_scope_is_no_sign_of_life(installation: World) -> None:
    opened = installation.session()
    installation.clock.forward(minutes=1)
    answer = ask(installation, opened.session_token, scope="read_only")
    assert error(answer) is ErrorCode.INVALID_SCOPE
    assert installation.stored(opened).last_active_at == opened.session.last_active_at
