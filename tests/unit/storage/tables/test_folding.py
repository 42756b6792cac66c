"""How texts are made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.storage.tables.folding import containing, fold, searchable


@pytest.mark.parametrize(
    ("one", "other"),
    [("ADA", "ada"), ("Straße", "STRASSE"), ("e\u0301", "É"), ("\uff21da", "ada")],
)
def test_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_letters_stay_different() -> None:
    assert fold("Muller") != fold("Müller")


def test_what_is_searched_are_the_folded_parts_without_absent_ones() -> None:
    assert searchable("ID", None, "", "Ada") == "id\nada"


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_query_is_no_pattern(query: str) -> None:
    assert containing(query) is None


def test_wildcards_are_escaped() -> None:
    assert containing("50%_!") == "%50!%!_!!%"


@given(st.text())
def test_a_pattern_never_spans_lines(query: str) -> None:
    assert "\n" not in (containing(query) or "")
