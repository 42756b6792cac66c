"""How long it takes to find people as somebody types, in a small directory and in a large one.

Each term is asked for as the dashboard does: the first page, by name. A row's figure is that of the
term that takes longest.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.postgresql import postgresql
from benchmarks.rounds import interleaved, medians
from benchmarks.row import Row
from benchmarks.scale import Scale
from tests.contract.storage import make
from tests.fixtures.vault import VAULT
from understudy.core.ids import SubjectId, SubjectRef
from understudy.core.people.principals import Subject
from understudy.core.ports import Page, SubjectFilter
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.tables.reader import StoreTables, read_from

NAMES = ("search-sqlite", "search-postgresql")
BAR_MS = 50.0
_PAGE = Page(limit=50)
_AT_ONCE = 500
TERMS: Mapping[str, str] = {
    "nobody": "qqxqzz",
    "one": "rare-person",
    "everybody": "example",
    "everybody and nobody": "example qxq",
    "two words": "ba de",
    "one letter": "a",
    "one letter of nobody": "q",
    "two letters": "ze",
    "two letters of nobody": "qx",
    "many and two letters of nobody": "example qx",
}


def rows(scale: Scale) -> Iterator[Row]:
    """A row for each database."""
    yield _row("search-sqlite", "SQLite", scale, _sqlite)
    yield _row("search-postgresql", "PostgreSQL", scale, postgresql)


def _row(
    name: str, database: str, scale: Scale, new: Callable[[], AbstractContextManager[str]]
) -> Row:
    with ExitStack() as stack:
        few, many = (
            stack.enter_context(_filled(stack.enter_context(new()), size))
            for size in (scale.few_people, scale.many_people)
        )
        measures = {
            f"{size} {term}": lambda directory=directory, text=text: _milliseconds(directory, text)
            for size, directory in (("few", few), ("many", many))
            for term, text in TERMS.items()
        }
        found = medians(interleaved(scale.rounds, measures))
    slowest = max(TERMS, key=lambda term: found[f"many {term}"])
    before = max(found[f"few {term}"] for term in TERMS)
    return Row(
        name=name,
        what=f"a search on {database} among {scale.many_people:,} users, of {len(TERMS)} terms the"
        f" one that takes longest ({slowest}); {before:.1f} ms among {scale.few_people:,}",
        unit="ms",
        value=found[f"many {slowest}"],
        at_most=BAR_MS,
    )


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory(prefix="understudy-search-") as folder:
        yield f"sqlite:///{Path(folder) / 'understudy.db'}"


@contextmanager
def _filled(url: str, size: int) -> Iterator[Database]:
    """A directory of names made of syllables, as an import writes it."""
    chance = random.Random(1)
    with closing(open_database(url)) as database:
        database.migrate()
        with database.writing() as transaction:
            StoreTables(transaction, VAULT).applications.add(make.application())
        for start in range(0, size, _AT_ONCE):
            with database.writing() as transaction:
                subjects = StoreTables(transaction, VAULT).subjects
                for number in range(start, min(size, start + _AT_ONCE)):
                    subjects.save(_subject(number, chance))
        _analyze(url)
        yield database


def _analyze(url: str) -> None:
    """What PostgreSQL does by itself within about a minute of an import."""
    if url.startswith("postgresql"):
        with psycopg.connect(url) as connection:
            connection.execute("ANALYZE understudy.subjects")


def _subject(number: int, chance: random.Random) -> Subject:
    first, last = _name(chance), _name(chance)
    local = "rare-person" if number == 1 else f"{first}.{last}{number}"
    return make.subject(
        id=SubjectId(f"user-{number:06}"),
        ref=SubjectRef(f"sub_{number}"),
        email=f"{local}@example.com",
        name=f"{first} {last}".title(),
    )


def _name(chance: random.Random) -> str:
    return "".join(
        chance.choice("bcdfghklmnprstvwz") + chance.choice("aeiou")
        for _ in range(chance.randint(2, 4))
    )


def _milliseconds(database: Database, text: str) -> float:
    began = time.perf_counter()
    with database.reading() as connection:
        where = SubjectFilter(application_id="app_1", query=text)
        read_from(connection, VAULT).subjects.search(where, _PAGE)
    return (time.perf_counter() - began) * 1e3
