from __future__ import annotations

import json

import pytest
import typer

from understudy.cli.output import clear_errors, fail, one_line, print_facts, print_rows
from understudy.errors import NotFound, Unavailable


def test_facts_are_one_line_of_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts({"id": "a\nb", "name": "Zoë", "none": None, "on": True}, as_json=True)
    printed = capsys.readouterr().out
    assert printed == '{"id": "a\\nb", "name": "Zoë", "none": null, "on": true}\n'


def test_facts_are_names_and_values_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts({"the_id": "[bold]x", "b": None}, as_json=False)
    assert capsys.readouterr().out.splitlines() == ["the id  [bold]x", "b       -"]


def test_rows_are_a_json_array_even_when_there_are_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows([], as_json=True, nothing="Nothing.")
    print_rows([{"a": 1}], as_json=True, nothing="Nothing.")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [[], [{"a": 1}]]


def test_rows_are_a_table_and_nobody_elses_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"name": "[red]x[/red]", "n": 3}], as_json=False, nothing="Nothing.")
    assert "[red]x[/red]  3" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["[/]", "[bold]", "\\[x", "a [link=x]b"])
def test_an_error_shows_foreign_text_as_it_is(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with pytest.raises(typer.Exit) as left, clear_errors():
        raise NotFound(f"There is no {text}.")
    assert left.value.exit_code == 1
    assert capsys.readouterr().err == f"error: There is no {text}. [not_found]\n"


def test_what_only_operators_may_read_is_shown_to_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit), clear_errors():
        raise Unavailable("Not now.", internal="the disk is gone")
    assert capsys.readouterr().err == "error: Not now. (the disk is gone) [unavailable]\n"


def test_an_error_of_ours_has_one_line_for_each_of_its_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit):
        fail("one\ntwo \x1b[31m", code=3)
    assert capsys.readouterr().err == "error: one\ntwo \\x1b[31m\n"


def test_what_is_no_error_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), clear_errors():
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (7, "7"), ("a\nb", "a\\nb"), ("\x1b]0;x\x07", "\\x1b]0;x\\x07"), ("é", "é")],
)
def test_a_fact_fills_one_line_and_commands_no_terminal(value: object, shown: str) -> None:
    assert one_line(value) == shown
