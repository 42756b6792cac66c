from __future__ import annotations

import pytest

from understudy import errors
from understudy.http.problems import TITLES
from understudy.wires.stytch.errors import ErrorType, problem_of, refused, status_of


@pytest.mark.parametrize("error_type", ErrorType)
def test_what_is_raised_for_a_type_is_told_as_that_type(error_type: ErrorType) -> None:
    problem = problem_of(refused(error_type, "Because."))
    assert (problem.error_type, problem.message) == (error_type, "Because.")
    assert problem.status == status_of(error_type)
    assert 400 <= problem.status < 600


@pytest.mark.parametrize(
    ("error", "error_type", "status"),
    [
        (errors.InvalidInput(), "bad_request", 400),
        (errors.MalformedRequest(), "bad_request", 400),
        (errors.AlreadyExists(), "bad_request", 400),
        (errors.Conflict(), "bad_request", 400),
        (errors.BodyTooLarge(), "request_too_large", 413),
        (errors.UnsupportedMediaType(), "unsupported_media_type", 415),
        (errors.MethodNotAllowed(), "method_not_allowed", 405),
        (errors.NotSignedIn(), "unauthorized_credentials", 401),
        (errors.PermissionMissing(), "unauthorized_action", 403),
        (errors.CrossSiteRefused(), "unauthorized_action", 403),
        (errors.NotFound(), "route_not_found", 404),
        (errors.TokenInvalid(), "unable_to_auth_impersonation_token", 401),
        (errors.SessionOver(), "session_not_found", 404),
        (errors.TooManyRequests(), "too_many_requests", 429),
        (errors.StorageBusy(), "server_unavailable", 503),
        (errors.ClockInDoubt(), "server_unavailable", 503),
        (errors.UnderstudyError(), "internal_server_error", 500),
    ],
)
def test_errors_of_ours_have_a_type_of_theirs(
    error: errors.UnderstudyError, error_type: str, status: int
) -> None:
    problem = problem_of(error)
    assert (problem.error_type, problem.status) == (error_type, status)
    assert problem.message == error.detail


def test_every_error_there_is_becomes_one_that_the_sdks_can_read() -> None:
    for kind in TITLES:
        error = kind(rule="x") if issubclass(kind, errors.Refused) else kind()
        body = problem_of(error).body("r1")
        assert set(body) == {
            "status_code",
            "request_id",
            "error_type",
            "error_message",
            "error_url",
        }
        assert body["error_message"]
