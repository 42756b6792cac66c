"""How the values of ``core`` lie in rows: one codec for each class, built once from its type hints.

Times and durations become milliseconds, booleans 0 or 1, enumerations their text, and whatever has
parts becomes canonical JSON. A nested value named in ``flat`` lies in columns of its own instead,
``actor_ref`` and so on, so that it can be searched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

from understudy.core.times import MILLISECOND, from_ms, to_ms
from understudy.storage.database.connection import Row, Value
from understudy.storage.tables.stored_json import from_json, to_json, without_none

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """How one field is written and read when the database has no such type. None stays None,
    unless there is something ``absent`` stands for.
    """

    name: str
    write: Callable[[Any], Value]
    read: Callable[[Any], Any]
    absent: Any = None


class Codec(Generic[V]):
    """Between values of one frozen dataclass and rows with exactly its columns.

    Fields named in ``own`` are written and read as it says.
    """

    def __init__(
        self,
        cls: type[V],
        *,
        flat: Collection[str] = (),
        own: Collection[Conversion] = (),
    ) -> None:
        hints = get_type_hints(cls)
        self._nested = {name: Codec[Any](hints[name]) for name in flat}
        self._own = tuple(
            field.name
            for field in fields(cls)  # type: ignore[arg-type]
            if field.name not in self._nested
        )
        special = {one.name: one for one in (*own, *_null_when_empty(cls, hints))}
        found = [special.get(name) or _conversion(name, hints[name]) for name in self._own]
        conversions = [conversion for conversion in found if conversion is not None]
        self._parts = tuple(
            (prefix, codec, tuple((name, f"{prefix}_{name}") for name in codec.names))
            for prefix, codec in self._nested.items()
        )
        self._writers = tuple((conversion.name, conversion.write) for conversion in conversions)
        self._readers = tuple((conversion.name, conversion.read) for conversion in conversions)
        self._absent = tuple(
            (one.name, one.absent) for one in conversions if one.absent is not None
        )
        self._make = _maker(cls, len(hints))
        self._taken_apart = _taker(cls)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order of the fields, nested ones last."""
        return self._own + tuple(
            f"{prefix}_{name}" for prefix, codec in self._nested.items() for name in codec.names
        )

    @property
    def paths(self) -> Mapping[str, str]:
        """For each column, where in a value it is: ``actor.ref`` and so on."""
        own = {name: name for name in self._own}
        return own | {
            f"{prefix}_{column}": f"{prefix}.{path}"
            for prefix, codec in self._nested.items()
            for column, path in codec.paths.items()
        }

    def write(self, value: V) -> dict[str, Value]:
        """The row of ``value``."""
        row: dict[str, Any] = self._taken_apart(value)
        for prefix, codec, names in self._parts:
            part = codec.write(row.pop(prefix))
            for name, column in names:
                row[column] = part[name]
        for name, write in self._writers:
            field = row[name]
            if field is not None:
                row[name] = write(field)
        return row

    def read(self, row: Row) -> V:
        """The value in ``row``."""
        found: dict[str, Any] = dict(row)
        for prefix, codec, names in self._parts:
            found[prefix] = codec.read({name: found.pop(column) for name, column in names})
        for name, read in self._readers:
            field = found[name]
            if field is not None:
                found[name] = read(field)
        for name, absent in self._absent:
            if found[name] is None:
                found[name] = absent
        return self._make(found)


def _maker(cls: type[V], count: int) -> Callable[[dict[str, Any]], V]:
    """Makes values of ``cls`` from all of their ``count`` fields.

    The ``__init__`` of a frozen dataclass sets each field by ``object.__setattr__``, which takes
    four times as long as this; where there is something to check at the end, it stays in use.
    """
    if hasattr(cls, "__post_init__") or "__slots__" in vars(cls):
        return lambda found: cls(**found)

    def make(found: dict[str, Any]) -> V:
        if len(found) != count:
            raise TypeError(f"{cls.__name__} has {count} fields, not {len(found)}")
        value = object.__new__(cls)
        value.__dict__.update(found)
        return value

    return make


def _taker(cls: type[V]) -> Callable[[V], dict[str, Any]]:
    """Takes values of ``cls`` apart into a fresh mapping of their fields, as they are."""
    if "__slots__" in vars(cls):
        names = tuple(field.name for field in fields(cls))  # type: ignore[arg-type]
        return lambda value: {name: getattr(value, name) for name in names}
    # What such a value holds is its fields: copying them all takes a third of asking for each.
    return lambda value: vars(value).copy()


def _conversion(name: str, hint: Any) -> Conversion | None:  # noqa: ANN401 - any type hint
    kind = without_none(hint)
    kind = getattr(kind, "__supertype__", kind)  # a ``NewType`` is at run time what it is made of
    if kind in (str, int, bytes):
        return None
    if kind is datetime:
        return Conversion(name=name, write=to_ms, read=from_ms)
    if kind is timedelta:
        return Conversion(
            name=name,
            write=lambda value: value // MILLISECOND,
            read=lambda value: value * MILLISECOND,
        )
    if kind is bool:
        return Conversion(name=name, write=int, read=bool)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        members: Mapping[str, StrEnum] = {member.value: member for member in kind}
        return Conversion(name=name, write=str, read=members.__getitem__)
    if is_dataclass(kind) or get_origin(kind) is not None:
        return Conversion(name=name, write=to_json, read=from_json(kind))
    raise TypeError(f"no column can hold {name}: {hint}")


def _null_when_empty(cls: type[Any], hints: Mapping[str, Any]) -> Iterator[Conversion]:
    for one in fields(cls):
        if one.metadata.get("null_when_empty"):
            read = from_json(hints[one.name])
            yield Conversion(name=one.name, write=_json_of_some, read=read, absent=())


def _json_of_some(values: Collection[Any]) -> str | None:
    return to_json(values) if values else None
