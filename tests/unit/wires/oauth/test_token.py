from __future__ import annotations

from dataclasses import replace

import pytest

from understudy.wires.oauth.errors import ErrorCode
from understudy.wires.oauth.token import Asked, problem_with_code

GOOD = Asked(
    grant_type="authorization_code",
    code="usi_1",
    redirect_uri="https://app.example/cb",
    code_verifier="v" * 43,
)


def test_a_complete_request_has_nothing_wrong_with_it() -> None:
    assert problem_with_code(GOOD) is None
    assert problem_with_code(replace(GOOD, code_verifier="-._~" * 32)) is None


@pytest.mark.parametrize(
    "asked",
    [
        replace(GOOD, code=None),
        replace(GOOD, redirect_uri=None),
        replace(GOOD, code_verifier=None),
        replace(GOOD, code_verifier="v" * 42),
        replace(GOOD, code_verifier="v" * 129),
        replace(GOOD, code_verifier="v" * 42 + "+"),
        replace(GOOD, code_verifier="v" * 43 + "\n"),
    ],
)
def test_what_is_missing_or_malformed_is_said(asked: Asked) -> None:
    problem = problem_with_code(asked)
    assert problem is not None
    assert problem.error is ErrorCode.INVALID_REQUEST


def test_secrets_are_not_printed() -> None:
    asked = replace(GOOD, refresh_token="uss_1", subject_token="subject", actor_token="actor")
    for secret in ("usi_1", "vvvv", "uss_1", "subject'", "actor'"):
        assert secret not in repr(asked)
