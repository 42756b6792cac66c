"""Text within JSON: the first that is none, and the names that lead to it."""

from __future__ import annotations

import pytest

from understudy.core.text_within import fault_within

OVERRIDE = "\u202e"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (f"a{OVERRIDE}", ""),
        ({"team": f"a{OVERRIDE}"}, "team"),
        ({"team": {"lead": [1, {"name": OVERRIDE}]}}, "team.lead.1.name"),
        ({f"a{OVERRIDE}": f"b{OVERRIDE}"}, ""),
        ({"team": {OVERRIDE: 1}}, "team"),
        ({"first": OVERRIDE, "second": OVERRIDE}, "first"),
        ([["x", OVERRIDE], OVERRIDE], "0.1"),
    ],
)
def test_it_is_named_by_where_it_stands(value: object, place: str) -> None:
    found = fault_within(value)
    assert found is not None
    assert (found[0], found[1].char) == (place, OVERRIDE)


@pytest.mark.parametrize(
    "value", [None, 1, True, "text", {"a": ["two\nlines", 2.5, None]}, {"نیلوفر\u200cپور": "x"}]
)
def test_what_is_text_is_left_alone(value: object) -> None:
    assert fault_within(value) is None


def test_depth_costs_no_stack() -> None:
    deep: object = OVERRIDE
    for _ in range(5_000):
        deep = [deep]
    found = fault_within(deep)
    assert found is not None
    assert found[1].char == OVERRIDE
