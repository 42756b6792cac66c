from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.wires.stytch.errors import ErrorType
from understudy.wires.stytch.pointing import require_one

NONE, MANY = ErrorType.NO_SESSION_ARGUMENTS, ErrorType.TOO_MANY_SESSION_ARGUMENTS


def test_a_session_that_is_named_in_no_way_is_refused() -> None:
    with refusal_of(InvalidInput, "invalid_input", error_type=NONE):
        require_one([None, None], NONE, MANY)


@pytest.mark.parametrize("given", [["a", "b", None], ["", "b"], ["a", "a"]])
def test_a_session_that_is_named_in_two_ways_is_refused(given: list[str | None]) -> None:
    with refusal_of(InvalidInput, "invalid_input", error_type=MANY):
        require_one(given, NONE, MANY)


@pytest.mark.parametrize("given", [["a", None], [None, ""]])
def test_one_way_is_enough_even_if_nothing_stands_in_it(given: list[str | None]) -> None:
    require_one(given, NONE, MANY)
