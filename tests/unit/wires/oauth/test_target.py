from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.wires.oauth.test_authorize import APPLICATION
from understudy.core.impersonation.restrictions import Scope
from understudy.wires.oauth.errors import ErrorCode, OAuthProblem
from understudy.wires.oauth.target import beyond, problem_with_scope, problem_with_target
from understudy.wires.oauth.token import Asked

ASKED = Asked(grant_type="refresh_token")
HERE = "https://app.example"


def error(problem: OAuthProblem | None) -> ErrorCode | None:
    return None if problem is None else problem.error


@pytest.mark.parametrize(
    ("audience", "resource"),
    [
        ((), ()),
        (("app_1",), ()),
        (("app_1", "app_1"), (HERE,)),
        ((), (HERE, HERE + "/")),
    ],
)
def test_a_session_is_for_its_own_application(
    audience: tuple[str, ...], resource: tuple[str, ...]
) -> None:
    asked = replace(ASKED, audience=audience, resource=resource)
    assert problem_with_target(asked, APPLICATION) is None


@pytest.mark.parametrize(
    ("audience", "resource"),
    [
        (("app_2",), ()),
        (("app_1", "app_2"), ()),
        (("APP_1",), ()),
        ((), (HERE + "/callback",)),
        ((), (HERE + "#part",)),
        ((), (HERE + "//",)),
        ((), ("https://app.example.evil.example",)),
        ((), ("http://app.example",)),
        ((), ("/",)),
        ((), ("app_1",)),
        ((), (HERE, "https://elsewhere.example")),
    ],
)
def test_every_other_target_is_refused(
    audience: tuple[str, ...], resource: tuple[str, ...]
) -> None:
    asked = replace(ASKED, audience=audience, resource=resource)
    assert error(problem_with_target(asked, APPLICATION)) is ErrorCode.INVALID_TARGET


@pytest.mark.parametrize("scope", [None, "", " ", "full", "read_only", "full read_only"])
def test_known_scopes_may_be_asked_for(scope: str | None) -> None:
    assert problem_with_scope(replace(ASKED, scope=scope)) is None


@pytest.mark.parametrize("scope", ["admin", "full admin", "FULL", "full\tread_only", "full,full"])
def test_other_scopes_may_not(scope: str) -> None:
    asked = replace(ASKED, scope=scope)
    assert error(problem_with_scope(asked)) is ErrorCode.INVALID_SCOPE


@pytest.mark.parametrize(
    ("scope", "granted", "problem"),
    [
        (None, Scope.FULL, None),
        ("full", Scope.FULL, None),
        ("read_only", Scope.READ_ONLY, None),
        ("full", Scope.READ_ONLY, ErrorCode.INVALID_SCOPE),
        ("read_only", Scope.FULL, ErrorCode.INVALID_SCOPE),
        ("full read_only", Scope.FULL, ErrorCode.INVALID_SCOPE),
    ],
)
def test_a_scope_is_neither_widened_nor_silently_another(
    scope: str | None, granted: Scope, problem: ErrorCode | None
) -> None:
    assert error(beyond(replace(ASKED, scope=scope), granted)) is problem
