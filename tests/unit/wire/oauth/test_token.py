from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.wire.oauth.errors import ErrorCode
from understudy.wire.oauth.token import Asked, problem_with

GOOD = Asked(
    grant_type="authorization_code",
    code="usi_1",
    redirect_uri="https://app.example/cb",
    code_verifier="v" * 43,
)


def test_a_complete_request_has_nothing_wrong_with_it() -> None:
    assert problem_with(GOOD) is None
    assert problem_with(replace(GOOD, code_verifier="-._~" * 32)) is None


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (replace(GOOD, grant_type="refresh_token"), ErrorCode.UNSUPPORTED_GRANT_TYPE),
        (replace(GOOD, code=None), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, redirect_uri=None), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, code_verifier=None), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, code_verifier="v" * 42), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, code_verifier="v" * 129), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, code_verifier="v" * 42 + "+"), ErrorCode.INVALID_REQUEST),
        (replace(GOOD, code_verifier="v" * 43 + "\n"), ErrorCode.INVALID_REQUEST),
    ],
)
def test_what_is_missing_or_malformed_is_said(asked: Asked, error: ErrorCode) -> None:
    problem = problem_with(asked)
    assert problem is not None
    assert problem.error is error


def test_secrets_are_not_printed() -> None:
    assert "usi_1" not in repr(GOOD)
    assert "vvvv" not in repr(GOOD)
