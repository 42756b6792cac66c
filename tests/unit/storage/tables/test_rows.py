"""How values lie in rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

import pytest

from understudy.core.times import to_ms
from understudy.storage.database.connection import Value
from understudy.storage.tables.rows import Codec

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Part:
    color: Color
    size: int = 1
    unknown: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, kw_only=True)
class Owner:
    color: Color
    size: int


@dataclass(frozen=True, kw_only=True)
class Whole:
    id: str
    at: datetime
    length: timedelta | None
    ready: bool
    color: Color | None
    data: bytes
    part: Part
    parts: tuple[Part, ...]
    colors: frozenset[Color]
    ranks: Mapping[str, int]
    owner: Owner


NamedId = NewType("NamedId", str)
Since = NewType("Since", datetime)


@dataclass(frozen=True, kw_only=True)
class Named:
    id: NamedId
    of: NamedId | None
    since: Since


CODEC = Codec(Whole, flat=("owner",))
WHOLE = Whole(
    id="w",
    at=NOON,
    length=timedelta(minutes=1),
    ready=True,
    color=Color.RED,
    data=b"\0\xff",
    part=Part(color=Color.BLUE),
    parts=(Part(color=Color.RED, size=2),),
    colors=frozenset({Color.RED, Color.BLUE}),
    ranks={"b": 2, "a": 1},
    owner=Owner(color=Color.BLUE, size=3),
)
ROW: dict[str, Value] = {
    "id": "w",
    "at": 1772366400000,
    "length": 60000,
    "ready": 1,
    "color": "red",
    "data": b"\0\xff",
    "part": '{"color":"blue","size":1}',
    "parts": '[{"color":"red","size":2}]',
    "colors": '["blue","red"]',
    "ranks": '{"a":1,"b":2}',
    "owner_color": "blue",
    "owner_size": 3,
}


def test_a_value_becomes_a_row_of_plain_types() -> None:
    row = CODEC.write(WHOLE)
    assert row == ROW
    assert {type(value) for value in row.values()} == {str, int, bytes}


def test_a_row_becomes_the_value_again() -> None:
    assert CODEC.read(ROW) == WHOLE
    assert ROW["owner_color"] == "blue"


def test_a_column_too_many_is_a_defect() -> None:
    with pytest.raises(TypeError):
        CODEC.read({**ROW, "folded_name": "w"})


def test_a_new_type_lies_in_a_row_as_what_it_is_made_of() -> None:
    codec = Codec(Named)
    named = Named(id=NamedId("n"), of=None, since=Since(NOON))
    assert codec.write(named) == {"id": "n", "of": None, "since": to_ms(NOON)}
    assert codec.read(codec.write(named)) == named


def test_the_names_are_the_columns() -> None:
    assert sorted(CODEC.names) == sorted(ROW)


def test_none_stays_none() -> None:
    row = {**ROW, "length": None, "color": None}
    value = CODEC.read(row)
    assert (value.length, value.color) == (None, None)
    assert CODEC.write(value) == row


def test_json_written_before_a_field_existed_gets_its_default() -> None:
    assert CODEC.read({**ROW, "part": '{"color":"red"}'}).part == Part(color=Color.RED, size=1)


def test_json_written_by_a_newer_version_is_written_back_as_it_was() -> None:
    newer = '{"color":"red","size":1,"taste":"sweet"}'
    value = CODEC.read({**ROW, "part": newer})
    assert value.part == Part(color=Color.RED)
    assert CODEC.write(value)["part"] == newer


def test_a_missing_column_is_a_defect() -> None:
    with pytest.raises(KeyError):
        CODEC.read({name: value for name, value in ROW.items() if name != "at"})


def test_a_field_that_no_column_can_hold_is_noticed_at_import() -> None:
    @dataclass(frozen=True)
    class Odd:
        number: float

    with pytest.raises(TypeError, match="number"):
        Codec(Odd)
