"""What the index of letters is asked for."""

from __future__ import annotations

import pytest

from understudy.storage.tables.letters import COMMON, MOST_THREES, lettered


def asked(query: str) -> tuple[str, tuple[str, ...], str]:
    """What is asked for besides the application."""
    found = lettered(query, "app_1")
    match, lexemes = str(found["letters_match"]), str(found["letters_query"])
    assert match.startswith('"\x02_1"')
    assert lexemes.startswith("'\x02_1'")
    short = found["beginnings"]
    assert isinstance(short, tuple)
    return (
        match.removeprefix('"\x02_1"').removeprefix(" AND "),
        tuple(map(str, short)),
        lexemes.removeprefix("'\x02_1'").removeprefix(" & "),
    )


def test_an_application_is_asked_for_by_a_three_however_short_its_id() -> None:
    assert lettered("ada", "x")["letters_match"] == '"\x020x" AND "ada"'


def test_a_long_word_is_asked_for_by_each_three_letters_in_a_row() -> None:
    assert asked("Adas") == ('"ada" AND "das"', (), "'ada' & 'das'")


def test_three_letters_that_come_again_are_asked_for_once() -> None:
    assert asked("aaaaa aaa") == ('"aaa" AND "aaa"', (), "'aaa' & 'aaa'")


def test_of_a_very_long_word_only_the_first_are_asked_for() -> None:
    word = "".join(map(chr, range(0x4E00, 0x4E00 + 60)))
    assert asked(word)[0].count(" AND ") + 1 == MOST_THREES


@pytest.mark.parametrize("word", ["q", "qx", "ea", "st", "12"])
def test_a_short_word_is_asked_for_as_a_beginning(word: str) -> None:
    assert asked(f"ada {word}") == ('"ada"', (word,), f"'ada' & '{word}':*")


@pytest.mark.parametrize("letter", COMMON)
def test_what_nearly_everybody_has_is_not_asked_for_beside_something_else(letter: str) -> None:
    assert asked(f"ada {letter}") == ('"ada"', (), "'ada'")
    assert asked(f"q {letter}") == ("", ("q",), "'q':*")


def test_of_what_nearly_everybody_has_alone_the_least_common_is_asked_for() -> None:
    assert asked("e m a") == ("", ("m",), "'m':*")


def test_quotes_of_each_database_stay_within_its_text() -> None:
    assert asked("a\"'\\") == ('"a""\'" AND """\'\\"', (), "'a\"''' & '\"''\\\\'")
