from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput
from understudy.wires.clerk.queries import ListQuery

Pairs = list[tuple[str, str]]
KNOWN = frozenset({"limit", "offset", "one", "flag"})
LISTS = frozenset({"many"})


def read(*pairs: tuple[str, str]) -> ListQuery:
    return ListQuery(pairs, known=KNOWN, lists=LISTS)


def test_lists_may_repeat_and_be_written_with_brackets() -> None:
    query = read(("many", "a"), ("many[]", "b"), ("one", "c"))
    assert query.texts("many") == ("a", "b")
    assert query.text("one") == "c"
    assert read(("one", "")).text("one") is None


def test_what_is_missing_has_a_default() -> None:
    query = read()
    assert (query.limit(), query.offset(), query.flag("flag")) == (10, 0, None)
    assert query.texts("many") == ()


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("false", False), ("0", False)]
)
def test_flags(text: str, value: bool) -> None:
    assert read(("flag", text)).flag("flag") is value


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("other", "x")], "form_param_unknown"),
        ([("one", "a"), ("one", "b")], "form_param_value_invalid"),
        ([("one", "a\nb")], "form_param_value_invalid"),
        ([("many", "x" * 256)], "form_param_value_invalid"),
    ],
)
def test_what_is_unknown_or_unfit_is_refused_at_once(pairs: Pairs, code: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field=pairs[0][0], clerk=code):
        read(*pairs)


@pytest.mark.parametrize("text", ["0", "501", "-1", "1.0", "x", "1e3", "\uff19", "9" * 400])
def test_a_limit_is_a_number_within_bounds(text: str) -> None:
    with refusal_of(InvalidInput, "invalid_input", field="limit", clerk="form_param_value_invalid"):
        read(("limit", text)).limit()


@pytest.mark.parametrize("text", ["-1", "1000001", "x"])
def test_an_offset_is_a_number_within_bounds(text: str) -> None:
    with refusal_of(
        InvalidInput, "invalid_input", field="offset", clerk="form_param_value_invalid"
    ):
        read(("offset", text)).offset()


def test_the_bounds_themselves_are_taken() -> None:
    assert read(("limit", "500")).limit() == 500
    assert read(("limit", "1")).limit() == 1
    assert read(("offset", "1000000")).offset() == 1_000_000
    with refusal_of(InvalidInput, "invalid_input", field="flag", clerk="form_param_value_invalid"):
        read(("flag", "maybe")).flag("flag")
