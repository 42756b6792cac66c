"""The service's refusals as errors of our tree."""

from __future__ import annotations

import json

import pytest

from understudy import errors
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.problems import cause_of, error_from


def body(**fields: object) -> bytes:
    return json.dumps({"title": "x", "detail": "Told so.", **fields}).encode()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "token_invalid", errors.TokenInvalid),
        (401, "session_over", errors.SessionOver),
        (401, "not_signed_in", errors.NotSignedIn),
        (404, "not_found", errors.NotFound),
        (422, "invalid_input", errors.InvalidInput),
        (429, "too_many_requests", errors.TooManyRequests),
    ],
)
def test_a_known_code_is_that_error(
    status: int, code: str, kind: type[errors.UnderstudyError]
) -> None:
    error = error_from(status, body(code=code))
    assert type(error) is kind
    assert (error.code, error.detail) == (code, "Told so.")


def test_a_refusal_names_its_rule() -> None:
    error = error_from(403, body(code="refused", rule="subject_protected"))
    assert isinstance(error, errors.Refused)
    assert error.rule == "subject_protected"


def test_the_cause_of_an_end_is_read() -> None:
    error = error_from(401, body(code="session_over", rule="idle"))
    assert error.facts == {"cause": EndCause.IDLE}
    assert cause_of(error) is EndCause.IDLE
    assert cause_of(errors.SessionOver(facts={"cause": "idle"})) is None
    assert cause_of(errors.TokenInvalid()) is None


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (404, b"<html>no such page</html>"),
        (404, b"{}"),
        (401, body(code="invented")),
        (401, body(code=5)),
        (502, body(code="token_invalid")),
        (503, body(code="unavailable")),
        (302, b""),
    ],
)
def test_what_the_service_did_not_say_is_no_word_about_a_session(
    status: int, content: bytes
) -> None:
    assert type(error_from(status, content)) is errors.Unavailable
