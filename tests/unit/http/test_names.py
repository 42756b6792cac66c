from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.refusals import refusal_of
from understudy.errors import InvalidInput, MalformedRequest
from understudy.http.body import from_json
from understudy.http.names import names_at_least


class Inner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    note: str | None = None


class Outer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    inner: Inner | msgspec.UnsetType = msgspec.UNSET
    many: list[Inner] = []
    word: str = "word"
    facts: dict[str, str] | None = None
    after: str


class Row(msgspec.Struct, frozen=True, array_like=True):
    first: str
    second: str


def at_least(document: bytes, type_: Any = Outer) -> int:
    return names_at_least(msgspec.json.decode(document, type=type_))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (b'{"name":"n","after":"a"}', 2),
        (b'{"name":"n","after":"a","inner":{"id":"i"}}', 4),
        (b'{"name":"n","after":"a","inner":{"id":"i","note":"x"}}', 5),
        # What could as well be a default is not counted, nor what stands in its place.
        (b'{"name":"n","after":"a","many":[{"id":"i"}]}', 2),
        (b'{"name":"n","after":"a","inner":{"id":"i","note":null}}', 4),
        (b'{"name":"n","after":"a","facts":{"b":"c"}}', 3),
    ],
)
def test_fields_that_were_given_for_certain_are_counted(document: bytes, expected: int) -> None:
    assert at_least(document) == expected


def test_lists_of_structs_are_counted_and_structs_without_names_are_not() -> None:
    assert at_least(b'[{"id":"i"},{"id":"j"}]', list[Inner]) == 2
    assert at_least(b'["a","b"]', Row) == 0
    assert at_least(b'{"a":"b"}', dict[str, str]) == 0


SPACE = st.sampled_from(["", " ", "  ", "\n", "\t\r\n"])
TEXT = st.sampled_from(["", "a", "word", "a:b", '":', '"x":', "\\", "ä", "::"])
INNER = st.lists(st.tuples(st.sampled_from(["id", "note"]), TEXT), max_size=3)
NAMES = st.sampled_from(["name", "after", "word", "inner", "many", "facts"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, bool]:
    """A document of `Outer`, or nearly so, and whether a name is in the same object twice."""
    twice = False

    def written(pairs: list[tuple[str, str]]) -> str:
        nonlocal twice
        twice = twice or len(dict(pairs)) != len(pairs)
        between = (f"{json.dumps(name)}{draw(SPACE)}:{draw(SPACE)}{text}" for name, text in pairs)
        return "{" + f"{draw(SPACE)},".join(between) + "}"

    def value(name: str) -> str:
        inner = [(key, json.dumps(text)) for key, text in draw(INNER)]
        if name in ("inner", "facts"):
            return written(inner)
        return f"[{written(inner)}]" if name == "many" else json.dumps(draw(TEXT))

    names = ["name", "after", *draw(st.lists(NAMES, max_size=3))]
    return written([(name, value(name)) for name in names]), twice


@given(documents())
def test_a_name_that_comes_twice_is_always_noticed(document: tuple[str, bool]) -> None:
    text, twice = document
    with suppress(InvalidInput):  # a value of another type, which is noticed first
        if twice:
            with refusal_of(MalformedRequest, "malformed_request"):
                from_json(text.encode(), Outer)
        else:
            from_json(text.encode(), Outer)


@pytest.mark.parametrize("space", ["", " ", "  ", "\\n"])
def test_no_spelling_hides_a_name_that_comes_twice(space: str) -> None:
    space = space.replace("\\n", "\n")
    text = f'{{"name":"n","name"{space}:"m","after":"a"}}'
    with pytest.raises(MalformedRequest) as caught:
        from_json(text.encode(), Outer)
    assert caught.value.code == "malformed_request"
