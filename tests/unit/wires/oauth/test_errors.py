from __future__ import annotations

import pytest

from understudy import errors
from understudy.errors import UnderstudyError
from understudy.wires.oauth.errors import translated


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (errors.NotSignedIn(), "invalid_client", 401),
        (errors.TokenInvalid(), "invalid_grant", 400),
        (errors.TooManyRequests(), "temporarily_unavailable", 429),
        (errors.StorageBusy(), "temporarily_unavailable", 503),
        (errors.ClockInDoubt(), "temporarily_unavailable", 503),
        (errors.BodyTooLarge(), "invalid_request", 413),
        (errors.UnsupportedMediaType(), "invalid_request", 415),
        (errors.MalformedRequest("Twice."), "invalid_request", 400),
        (errors.InvalidInput("Missing."), "invalid_request", 400),
        (errors.MethodNotAllowed(), "invalid_request", 405),
        (errors.LogForked("two histories"), "server_error", 500),
    ],
)
def test_an_error_of_ours_is_told_in_words_of_oauth(
    error: UnderstudyError, code: str, status: int
) -> None:
    problem = translated(error)
    assert (problem.error, problem.status) == (code, status)
    assert "two histories" not in problem.description


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (errors.TooManyRequests(facts={"retry_after_seconds": 17}), 17),
        (errors.StorageFull(), 1),
        (errors.MalformedRequest(), None),
    ],
)
def test_who_may_come_back_is_told_when(error: UnderstudyError, seconds: int | None) -> None:
    assert translated(error).retry_after == seconds
