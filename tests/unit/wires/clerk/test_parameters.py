from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.errors import InvalidInput
from understudy.wires.clerk.errors import Code
from understudy.wires.clerk.parameters import Parameters, line, require_small

KNOWN = frozenset({"a", "b"})


def read(**given_: Any) -> Parameters:
    return Parameters(given_, known=KNOWN)


def refused(read_: Any) -> tuple[object, object]:
    with pytest.raises(InvalidInput) as found:
        read_()
    return found.value.facts["clerk"], found.value.facts["field"]


def test_unknown_parameters_are_refused_by_name() -> None:
    assert refused(lambda: read(c=None)) == (Code.PARAMETER_UNKNOWN, "c")


def test_null_is_nothing_and_yet_was_given() -> None:
    parameters = read(a=None)
    assert parameters.text("a") is None
    assert "a" in parameters
    assert "b" not in parameters
    assert refused(lambda: parameters.required("a")) == (Code.PARAMETER_MISSING, "a")
    assert refused(lambda: read(a="").required("a")) == (Code.PARAMETER_MISSING, "a")


def test_each_kind_is_read() -> None:
    parameters = read(a="x", b=7)
    assert parameters.required("a") == "x"
    assert parameters.seconds("b", 5) == 7
    assert read().seconds("b", 5) == 5
    assert read(a=False).flag("a") is False
    assert read().flag("a") is None
    assert read(a=["x", "y"]).texts("a") == ("x", "y")
    assert read().texts("a") == ()
    assert read(a={"x": 1}).mapping("a", most_bytes=10) == {"x": 1}
    assert read().mapping("a", most_bytes=10) is None


@pytest.mark.parametrize("value", [0, -1, 1.0, True, "1", [1]])
def test_seconds_are_positive_whole_numbers(value: object) -> None:
    assert refused(lambda: read(a=value).seconds("a", 1)) == (Code.PARAMETER_INVALID, "a")


def test_other_kinds_are_refused() -> None:
    for attempt in (
        lambda: read(a=1).flag("a"),
        lambda: read(a="x").texts("a"),
        lambda: read(a=[1]).texts("a"),
        lambda: read(a=[]).mapping("a", most_bytes=10),
        lambda: read(a={"x": "y" * 10}).mapping("a", most_bytes=10),
    ):
        assert refused(attempt) == (Code.PARAMETER_INVALID, "a")


def test_a_line_is_text_that_can_be_shown_within_its_length() -> None:
    assert line("a", "x" * 255) == "x" * 255
    for value in ("x" * 256, "a\nb", "a\x00", "\u202e", 7, None):
        assert refused(lambda value=value: line("a", value)) == (Code.PARAMETER_INVALID, "a")


@pytest.mark.parametrize("field", ["first_name", "last_name", "actor.name"])
def test_a_name_may_be_written_with_joiners(field: str) -> None:
    assert line(field, "\u0dc1\u0dca\u200d\u0dbb\u0dd3") == "\u0dc1\u0dca\u200d\u0dbb\u0dd3"


@pytest.mark.parametrize("field", ["actor.sub", "actor.email", "email_address", "external_id"])
def test_what_tells_people_apart_holds_no_joiner(field: str) -> None:
    spelled = "ad\u200dmin@support.example"
    assert refused(lambda: line(field, spelled)) == (Code.PARAMETER_INVALID, field)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_what_json_can_hold_is_only_measured(value: dict[str, Any]) -> None:
    try:
        text = repr(value).encode()
    except UnicodeEncodeError:
        assert refused(lambda: require_small("a", value, 10**6))[0] is Code.PARAMETER_INVALID
        return
    require_small("a", value, 10 * len(text) + 10)


def test_what_json_cannot_hold_is_refused() -> None:
    nested: dict[str, Any] = {}
    for _ in range(100_000):
        nested = {"x": nested}
    for value in ({"x": float("inf")}, {"x": float("nan")}, {"x": "\ud800"}, nested):
        found = refused(lambda value=value: require_small("a", value, 10**7))
        assert found == (Code.PARAMETER_INVALID, "a")
