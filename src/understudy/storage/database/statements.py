"""The named queries: plain SQL in ``sql/queries``, one text for both databases.

Each query opens with two comment lines: ``-- name: <noun>_<verb>``, and what it is for. Parameters
are written ``:name``. Four things go beyond plain SQL, so that searches need no SQL in Python:

- A line that ends in ``-- if <name>`` is left out when that parameter is None, absent or empty.
- A line that ends in ``-- each <name>`` stands once for each value of that parameter, a tuple.
- A parameter that holds a tuple becomes a list of parameters: ``status IN (:statuses)``.
- A line that ends in ``-- on sqlite`` or ``-- on postgresql``, maybe behind one of the two above,
  is for that database alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from understudy.storage.database.connection import Dialect, Params, Value

_HEADER = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\n-- (\S.*)\n", re.MULTILINE)
_CONDITION = re.compile(r"\s+--(?= )(?: (if|each) ([a-z][a-z0-9_]*))?(?: on (sqlite|postgresql))?$")
_SPELLED = re.compile(r"('[^']*')|(?<![:\w]):[a-z][a-z0-9_]*|%\([a-z][a-z0-9_]*\)s")
_WORD = re.compile(r"[a-z_]+")
_PARAMETER = re.compile(r"('[^']*')|(?<![:\w]):([a-z][a-z0-9_]*)")


_NONE: Mapping[str, int] = MappingProxyType({})


class Line(NamedTuple):
    """A line of SQL, the parameter on which it depends, and whether it repeats for its values.

    Where only one database is meant, ``only`` says which.
    """

    text: str
    name: str | None = None
    each: bool = False
    only: Dialect | None = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """One named query."""

    name: str
    purpose: str
    lines: tuple[Line, ...]

    # Looked at for every database that is opened, and the same for all of them.
    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The parameters that lines depend on, each once."""
        return tuple(dict.fromkeys(line.name for line in self.lines if line.name is not None))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter of every line, each once."""
        found = _PARAMETER.finditer(self._whole)
        return tuple(dict.fromkeys(match[2] for match in found if match[2]))

    @cached_property
    def selects(self) -> bool:
        """Whether it is a plain SELECT."""
        return self._whole.startswith("SELECT")

    @cached_property
    def words(self) -> frozenset[str]:
        """What any of its lines names."""
        return frozenset(_WORD.findall(self._whole))

    @property
    def _whole(self) -> str:
        return self.text(frozenset(self.conditions))

    def on(self, dialect: Dialect) -> Query:
        """The same without the lines that are for another database."""
        kept = tuple(line for line in self.lines if line.only in (None, dialect))
        return self if len(kept) == len(self.lines) else replace(self, lines=kept)

    def text(self, given: frozenset[str], lengths: Mapping[str, int] = _NONE) -> str:
        """The SQL without the lines whose parameter is not among ``given``.

        Lines for each value of a parameter are there as often as ``lengths`` says.
        """
        kept = (line for line in self.lines if line.name is None or line.name in given)
        return "\n".join(text for line in kept for text in _repeated(line, lengths))


def parse(source: str) -> Iterator[Query]:
    """The queries of one file, in order. Text before the first header is a comment."""
    pieces = _HEADER.split(source)
    for name, purpose, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        yield Query(name=name, purpose=purpose, lines=tuple(_lines(body)))


def _repeated(line: Line, lengths: Mapping[str, int]) -> Iterator[str]:
    if line.name is None or not line.each or line.name not in lengths:
        yield line.text
        return
    for number in range(lengths[line.name]):
        yield line.text.replace(f":{line.name}", f":{line.name}_{number}")


def _lines(body: str) -> Iterator[Line]:
    for raw in body.strip().removesuffix(";").splitlines():
        condition = _CONDITION.search(raw)
        if condition:
            only = Dialect(condition[3]) if condition[3] else None
            yield Line(raw[: condition.start()], condition[2], condition[1] == "each", only)
        elif not raw.lstrip().startswith("--"):
            yield Line(raw)


@cache
def load(*more: Traversable) -> Mapping[str, Query]:
    """Every query that ships with Understudy or lies in ``more`` folders, by name.

    :raises ValueError: when two queries have one name.
    """
    found: dict[str, Query] = {}
    folders = (files("understudy.storage.sql") / "queries", *more)
    found_files = (file for folder in folders for file in folder.iterdir())
    for file in sorted(found_files, key=lambda entry: entry.name):
        if not file.name.endswith(".sql"):
            continue
        for query in parse(file.read_text("utf-8")):
            if query.name in found:
                raise ValueError(f"two queries are named {query.name}")
            found[query.name] = query
    return found


def colon_style(sql: str) -> str:
    """The spelling of ``sqlite3``, which is the one in the files."""
    return sql


def percent_style(sql: str) -> str:
    """The spelling of ``psycopg``: ``%(name)s``, with every other percent sign doubled."""
    return _PARAMETER.sub(
        lambda match: match[1] or f"%({match[2]})s",
        sql.replace("%", "%%"),
    )


class ByPlace(NamedTuple):
    """A statement, and what takes the values of its parameters, in order, out of a mapping."""

    sql: str
    values_of: Callable[[Params], tuple[Any, ...]]


class Statements:
    """The queries as one driver spells them, each variant built once."""

    def __init__(
        self, queries: Mapping[str, Query], spell: Callable[[str], str], dialect: Dialect
    ) -> None:
        queries = {name: query.on(dialect) for name, query in queries.items()}
        self._queries = queries
        self._spell = spell
        self.fixed: Mapping[str, str] = {
            name: spell(query.text(frozenset()))
            for name, query in queries.items()
            if not query.conditions
        }
        self.columns: dict[str, tuple[str, ...]] = {}
        """The names of what a query selects, noted by the driver when it first knows."""
        self._positional: dict[str, str] = {}
        self._by_place: dict[str, ByPlace] = {}
        self._variants: dict[tuple[str, frozenset[str], tuple[tuple[str, int], ...]], str] = {}

    def positional(self, name: str) -> str:
        """The SQL of the query ``name``, its parameters in the order of the text.

        Binding by name takes twice as long, which counts where a thousand rows are written.
        """
        text = self._positional.get(name)
        if text is None:
            text = self._positional[name] = _SPELLED.sub(_place, self.fixed[name])
        return text

    def by_place(self, name: str) -> ByPlace | None:
        """The query ``name`` with its parameters by place; None where its text depends on them."""
        found = self._by_place.get(name)
        if found is None and name in self.fixed:
            text = self._queries[name].text(frozenset())
            names = tuple(match[2] for match in _PARAMETER.finditer(text) if match[2])
            found = self._by_place[name] = ByPlace(self.positional(name), _values_of(names))
        return found

    def resolve(self, name: str, params: Params) -> tuple[str, Mapping[str, Value]]:
        """The SQL of the query ``name`` for these parameters, and the parameters to bind.

        :raises KeyError: when there is no such query.
        """
        query = self._queries[name]
        given = frozenset(key for key in query.conditions if params.get(key) not in (None, ()))
        flat: dict[str, Value] = {}
        lengths: list[tuple[str, int]] = []
        for key, value in params.items():
            if not isinstance(value, tuple):
                flat[key] = value
            elif value:
                lengths.append((key, len(value)))
                flat.update((f"{key}_{number}", item) for number, item in enumerate(value))
        variant = (name, given, tuple(lengths))
        sql = self._variants.get(variant)
        if sql is None:
            sql = self._variants[variant] = self._spell(
                _expand(query.text(given, dict(lengths)), dict(lengths))
            )
        return sql, flat


def _values_of(names: tuple[str, ...]) -> Callable[[Params], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)  # in a fifth of the time of a loop
    return lambda params: tuple(params[name] for name in names)


def _place(spelled: re.Match[str]) -> str:
    return spelled[1] or ("?" if spelled[0].startswith(":") else "%s")


def _expand(sql: str, lengths: Mapping[str, int]) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match[2]
        if name not in lengths:
            return match[0]
        return ", ".join(f":{name}_{number}" for number in range(lengths[name]))

    return _PARAMETER.sub(replace, sql) if lengths else sql
