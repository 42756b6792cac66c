from __future__ import annotations

import pytest

from understudy import errors
from understudy.core.rules.application import IMPERSONATION_OFF
from understudy.core.rules.chain import RULES
from understudy.core.rules.request import REASON_TOO_SHORT
from understudy.errors import UnderstudyError
from understudy.wires.clerk.errors import (
    ClerkProblem,
    Code,
    denied,
    missing,
    taken,
    translated,
    unfit,
    unknown,
)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.NotFound(), (404, Code.NOT_FOUND)),
        (errors.MethodNotAllowed(), (405, Code.METHOD)),
        (errors.MalformedRequest(), (400, Code.BODY_INVALID)),
        (errors.BodyTooLarge(), (413, Code.BODY_INVALID)),
        (errors.UnsupportedMediaType(), (415, Code.MEDIA_TYPE)),
        (errors.InvalidInput(), (422, Code.PARAMETER_INVALID)),
        (errors.AlreadyExists(), (422, Code.IDENTIFIER_EXISTS)),
        (errors.TooManyRequests(), (429, Code.TOO_MANY)),
        (errors.Conflict(), (409, Code.CONFLICT)),
        (errors.CrossSiteRefused(), (403, Code.FORBIDDEN)),
        (errors.PermissionMissing(), (403, Code.FORBIDDEN)),
        (errors.Unavailable(), (503, Code.INTERNAL)),
        (UnderstudyError(), (500, Code.INTERNAL)),
        (missing("a"), (422, Code.PARAMETER_MISSING)),
        (unfit("a", "b"), (422, Code.PARAMETER_INVALID)),
        (unknown("a"), (422, Code.PARAMETER_UNKNOWN)),
        (taken("a"), (422, Code.IDENTIFIER_EXISTS)),
    ],
)
def test_every_error_has_a_code_of_theirs(
    error: UnderstudyError, expected: tuple[int, Code]
) -> None:
    problem = translated(error, authorization=None)
    assert (problem.status, problem.code) == expected


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, Code.AUTHORIZATION_INVALID),
        ("", Code.AUTHORIZATION_INVALID),
        ("Bearer ", Code.AUTHORIZATION_INVALID),
        ("Basic abc", Code.AUTHORIZATION_INVALID),
        ("Bearer abc", Code.KEY_INVALID),
        ("bearer abc", Code.KEY_INVALID),
    ],
)
def test_a_wrong_key_is_told_from_no_key(authorization: str | None, code: Code) -> None:
    problem = translated(errors.NotSignedIn(), authorization=authorization)
    assert (problem.status, problem.code) == (401, code)


def test_the_body_has_all_that_the_python_sdk_requires() -> None:
    problem = translated(missing("actor.sub"), authorization=None)
    assert problem.body("trace") == {
        "errors": [
            {
                "code": "form_param_missing",
                "message": "is missing",
                "long_message": "actor.sub must be given.",
                "meta": {"param_name": "actor.sub"},
            }
        ],
        "clerk_trace_id": "trace",
    }
    assert not problem


def test_a_problem_without_detail_repeats_its_message() -> None:
    problem = ClerkProblem(status=404, code=Code.NOT_FOUND, message="not found")
    (error,) = problem.body("")["errors"]
    assert error["long_message"] == "not found"
    assert error["meta"] == {}


def test_concealed_rules_look_alike_and_others_name_themselves() -> None:
    concealed = {repr(denied(rule)) for rule in RULES.all if rule.concealed}
    assert len(concealed) == 1
    for rule in RULES.all:
        if not rule.concealed:
            problem = denied(rule)
            assert (problem.status, problem.rule) == (422, rule.code)
            assert problem.detail == rule.explanation
    assert denied(REASON_TOO_SHORT).parameter == "actor.reason"
    assert denied(IMPERSONATION_OFF).code is Code.NOT_ENABLED
