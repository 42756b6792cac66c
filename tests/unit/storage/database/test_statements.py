"""How named queries are read from files, and how drivers spell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pytest

from understudy.storage.database.connection import Dialect, Params, Value
from understudy.storage.database.statements import (
    Query,
    Statements,
    colon_style,
    load,
    parse,
    percent_style,
)

SOURCE = """-- What this file is about.

-- name: things_search
-- Things that match.
SELECT id, note
FROM things
WHERE kind <> 'a:b%'
    -- This sentence is for readers only: it names :nothing.
    AND owner = :owner  -- if owner
    AND state IN (:states)  -- if states
    AND note LIKE :words  -- each words
LIMIT :limit;

-- name: things_count
-- How many there are.
SELECT count(*) AS number
FROM things;
"""


def statements() -> Statements:
    return Statements({query.name: query for query in parse(SOURCE)}, colon_style, Dialect.SQLITE)


def resolved(params: Params) -> tuple[list[str], Mapping[str, Value]]:
    text, flat = statements().resolve("things_search", params)
    return [line.strip() for line in text.splitlines()[3:]], flat


def test_a_file_is_read_as_named_queries_with_a_purpose() -> None:
    found = list(parse(SOURCE))
    assert [(query.name, query.purpose) for query in found] == [
        ("things_search", "Things that match."),
        ("things_count", "How many there are."),
    ]


def test_a_query_knows_its_parameters_and_conditions() -> None:
    query = next(parse(SOURCE))
    assert query.parameters == ("owner", "states", "words", "limit")
    assert query.conditions == ("owner", "states", "words")


def test_comments_are_left_out() -> None:
    assert "sentence" not in next(parse(SOURCE)).text(frozenset())


@pytest.mark.parametrize("absent", [{}, {"owner": None}, {"states": ()}])
def test_a_line_is_left_out_without_its_parameter(absent: Params) -> None:
    lines, _ = resolved({"limit": 1, **absent})
    assert lines == ["LIMIT :limit"]


@pytest.mark.parametrize("value", ["ada", "", 0])
def test_a_line_stays_with_its_parameter_even_if_it_is_empty_or_zero(value: Value) -> None:
    lines, flat = resolved({"limit": 1, "owner": value})
    assert lines == ["AND owner = :owner", "LIMIT :limit"]
    assert flat["owner"] == value


@pytest.mark.parametrize(
    ("dialect", "texts"),
    [
        (Dialect.SQLITE, ["SELECT id", "FROM things", "AND note LIKE :words"]),
        (Dialect.POSTGRESQL, ["SELECT id", "FROM things", "CAST(:note AS text)"]),
    ],
)
def test_a_line_for_one_database_is_left_out_for_the_other(
    dialect: Dialect, texts: list[str]
) -> None:
    source = """-- name: things_find
-- Those that are meant.
SELECT id
FROM things
    -- This sentence says what is so on sqlite
    AND note LIKE :words  -- each words on sqlite
    CAST(:note AS text)  -- on postgresql
"""
    (query,) = (query.on(dialect) for query in parse(source))
    assert [line.text.strip() for line in query.lines] == texts
    assert query.conditions == (("words",) if dialect is Dialect.SQLITE else ())


def test_a_tuple_becomes_a_list_of_parameters() -> None:
    lines, flat = resolved({"limit": 1, "states": ("new", "old")})
    assert lines == ["AND state IN (:states_0, :states_1)", "LIMIT :limit"]
    assert flat == {"limit": 1, "states_0": "new", "states_1": "old"}


def test_tuples_of_different_lengths_do_not_share_a_statement() -> None:
    made = statements()
    texts = {
        made.resolve("things_search", {"states": states})[0] for states in (("a",), ("a", "b"))
    }
    assert len(texts) == 2


def test_queries_without_conditions_are_ready_at_once() -> None:
    assert list(statements().fixed) == ["things_count"]


def by_place(sql: str, params: Params) -> tuple[str, tuple[Value, ...]]:
    """A query of one text and its values, both by place."""
    source = f"-- name: things_ask\n-- A question.\n{sql};\n"
    made = Statements({query.name: query for query in parse(source)}, colon_style, Dialect.SQLITE)
    found = made.by_place("things_ask")
    assert found is not None
    return found.sql, found.values_of(params)


@pytest.mark.parametrize(
    ("sql", "params", "expected"),
    [
        ("SELECT 1", {}, ("SELECT 1", ())),
        ("SELECT :b", {"a": 1, "b": 2}, ("SELECT ?", (2,))),
        ("SELECT :b, ':a', :a, :b", {"a": 1, "b": 2}, ("SELECT ?, ':a', ?, ?", (2, 1, 2))),
    ],
)
def test_values_by_place_come_as_the_text_names_them(
    sql: str, params: Params, expected: tuple[str, tuple[Value, ...]]
) -> None:
    assert by_place(sql, params) == expected


def test_a_value_by_place_that_is_missing_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        by_place("SELECT :a, :b", {"a": 1})


def test_a_query_whose_text_depends_on_its_parameters_has_none_by_place() -> None:
    assert statements().by_place("things_search") is None


def test_an_unknown_query_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        statements().resolve("nothing", {})


def test_psycopg_gets_its_own_spelling() -> None:
    sql = "SELECT 'a:b%' WHERE x = :x AND y LIKE :y AND z % 2 = 0 AND a::text = '::c'"
    assert percent_style(sql) == (
        "SELECT 'a:b%%' WHERE x = %(x)s AND y LIKE %(y)s AND z %% 2 = 0 AND a::text = '::c'"
    )


@pytest.mark.parametrize("query", load().values(), ids=lambda query: query.name)
def test_every_query_of_ours_keeps_to_the_house_rules(query: Query) -> None:
    text = query.text(frozenset(query.conditions))
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", query.name)
    assert query.purpose.endswith(".")
    assert "*" not in text.replace("count(*)", ""), "name the columns: a new one must not appear"
    for condition in query.conditions:
        assert condition in query.parameters or condition.startswith(("by_", "live", "over"))


def test_no_query_is_longer_than_a_screen() -> None:
    assert Counter(len(query.lines) > 60 for query in load().values())[True] == 0


def test_a_line_stands_once_for_each_value_of_its_parameter() -> None:
    lines, flat = resolved({"limit": 1, "words": ("%a%", "%b%")})
    assert lines[:2] == ["AND note LIKE :words_0", "AND note LIKE :words_1"]
    assert flat == {"limit": 1, "words_0": "%a%", "words_1": "%b%"}
    assert resolved({"limit": 1, "words": ()})[0] == resolved({"limit": 1})[0]
    assert "words" in next(parse(SOURCE)).parameters
