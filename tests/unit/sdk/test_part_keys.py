from __future__ import annotations

from understudy.sdk.part_keys import part_key, wholes_of


def test_a_part_names_everything_that_it_is_a_part_of() -> None:
    key = part_key(part_key("k", 1), 0)
    assert key == "k;part=1;part=0"
    assert list(wholes_of(key)) == ["k;part=1", "k"]


def test_other_keys_are_parts_of_nothing() -> None:
    for key in ("k", "k;0", "part=1", ";part=1"):
        assert list(wholes_of(key)) == []
