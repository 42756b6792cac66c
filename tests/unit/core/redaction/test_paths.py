"""Values by where they stand."""

from __future__ import annotations

import pytest

from understudy.core.redaction.paths import Paths
from understudy.core.redaction.rules import Deed


def deed(paths: Paths, *names: str) -> Deed | None:
    """What becomes of the value that ``names`` lead to."""
    states = paths.start
    for name in names:
        states = paths.step(states, name)
    return paths.deed(states)


@pytest.mark.parametrize(
    ("path", "found", "others"),
    [
        ("a.b", ["a.b", "A.b"], ["a", "b", "a.b.c", "x.a.b", "a.c"]),
        ("a.*.c", ["a.0.c", "a.b.c"], ["a.c", "a.b.b.c"]),
        ("**.c", ["c", "a.c", "a.b.c"], ["c.a"]),
        ("a.**.c", ["a.c", "a.1.2.c"], ["c", "a.1"]),
        ("a.**", ["a", "a.b", "a.b.c"], ["b"]),
    ],
)
def test_a_path_finds_what_it_leads_to(path: str, found: list[str], others: list[str]) -> None:
    paths = Paths([(path, Deed.MASK)])
    assert paths
    assert [one for one in found if deed(paths, *one.split(".")) is None] == []
    assert [one for one in others if deed(paths, *one.split(".")) is not None] == []


def test_the_first_path_decides() -> None:
    paths = Paths([("a.b", Deed.DROP), ("**.b", Deed.MASK)])
    assert (deed(paths, "a", "b"), deed(paths, "c", "b")) == (Deed.DROP, Deed.MASK)


def test_the_last_names_are_those_of_fields() -> None:
    paths = Paths([("a.tax_id", Deed.DROP), ("a.*", Deed.MASK)])
    assert list(paths.last_names()) == [("taxid", Deed.DROP)]


def test_without_paths_nothing_is_followed() -> None:
    assert not Paths([])
