"""How texts are made comparable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.storage.tables.folding import MOST_WORDS, containing, fold, plain, searchable


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


def test_parts_are_searched_without_their_accents_as_well() -> None:
    assert searchable("Z1", "zoë@x.example", "Zoë Łuk") == (
        "z1\nzoë@x.example\nzoë łuk\nzoe@x.example\nzoe luk\n"
    )
    assert searchable("日本") == "日本\n"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë", "zoe"),
        ("Bjørn Łukasz", "bjorn lukasz"),
        ("Müller-Straße", "muller-strasse"),
        ("Việt Đặng", "viet dang"),
        ("Ægir Œdipe Þór", "aegir oedipe thor"),
        ("Ιωάννης", "ιωαννησ"),
        ("한글", "한글"),
    ],
)
def test_a_name_is_plain_without_its_accents(name: str, typed: str) -> None:
    assert plain(fold(name)) == typed


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_query_has_no_words(query: str) -> None:
    assert containing(query) == ()


def test_wildcards_are_escaped() -> None:
    assert containing("50%_! x") == ("%50!%!_!!%", "%x%")


def test_words_are_many_only_up_to_a_bound() -> None:
    assert len(containing("a " * 100)) == MOST_WORDS


@given(st.text())
def test_a_word_never_spans_lines(query: str) -> None:
    assert not any("\n" in word for word in containing(query))
