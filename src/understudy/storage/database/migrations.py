"""The steps of the schema: numbered files in ``sql/migrations``, each run once on each database.

Both databases run the same files; only names of types differ, and stand in braces. A file is
never changed once released: what it did is history. Each change of the schema ships in two
halves, so that nodes of two versions can share a database: first a file that only adds, with the
release that starts to write it; a later release removes what nobody reads any more.

A migration has a short half, which runs in one transaction under the writers' lock, and may have a
long one, during which others write: indexes, or slices of a back-fill. Two kinds of file:

- ``0004_name.sql``: statements; those after a line ``-- online`` make or drop indexes. A line
  ``-- compatible from: 2`` says which schema's code may go on working with the database.
- ``0005_name.py``: ``expand(port)`` is the short half; ``fill(port)`` does one slice of the long
  one and answers how many rows it was, until none is left; ``INDEXES`` are made after it.
  ``COMPATIBLE_FROM`` as above.

A migration that says nothing is compatible with no older code.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any

from understudy.errors import SetupError
from understudy.storage.database.connection import Dialect, Params
from understudy.storage.vault import InstallationVault

Rows = Sequence[tuple[Any, ...]]

_FILE = re.compile(r"^(\d{4})_([a-z0-9_]+)\.(sql|py)$")
_STATEMENT_END = re.compile(r";[ \t]*$", re.MULTILINE)
_COMPATIBLE_FROM = re.compile(r"^-- compatible from: (\d+)$", re.MULTILINE)
_ONLINE = re.compile(r"^-- online$", re.MULTILINE)
_CREATE_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX ([a-z0-9_]+)\s+(ON .+)", re.DOTALL)
_DROP_INDEX = re.compile(r"DROP INDEX ([a-z0-9_]+)")

# Texts are compared by code point on both databases: lists page by them.
_TYPES = {
    Dialect.SQLITE: {"text": "TEXT", "bigint": "INTEGER", "blob": "BLOB", "strict": " STRICT"},
    Dialect.POSTGRESQL: {
        "text": 'TEXT COLLATE "C"',
        "bigint": "BIGINT",
        "blob": "BYTEA",
        "strict": "",
    },
}


class Port:
    """What a migration works on: one transaction, in the words of either database.

    A migration that finds rows of an installation may need its key; in an empty database none does.
    """

    def __init__(
        self,
        dialect: Dialect,
        run: Callable[[str, Params], Rows],
        vault: InstallationVault | None = None,
    ) -> None:
        self.dialect = dialect
        self._run = run
        self._vault = vault

    @property
    def vault(self) -> InstallationVault:
        """What needs the installation key.

        :raises SetupError: when the key is not at hand.
        """
        if self._vault is None:
            raise SetupError("To bring this database up to date, the installation key is needed.")
        return self._vault

    def require_our_key(self) -> bool:
        """Whether there is an installation; under another key nothing of it would be found again.

        :raises SetupError: when the key is not at hand.
        :raises KeyMismatch: when it is another installation's.
        """
        found = self.execute("SELECT value FROM meta WHERE name = 'installation_key_check'")
        if found:
            self.vault.require_key_check(str(found[0][0]))
        return bool(found)

    def execute(self, statement: str, params: Params = {}) -> Rows:  # noqa: B006 - never changed
        """Run one statement, its parameters written ``:name``; answers its rows."""
        for name, word in _TYPES[self.dialect].items():
            statement = statement.replace("{" + name + "}", word)
        return self._run(statement, params)


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index to make, or to drop where ``definition`` is empty. May be repeated.

    Where only one database has it, ``only`` says which.
    """

    name: str
    definition: str
    unique: bool = False
    only: Dialect | None = None

    def __str__(self) -> str:
        return f"{'index' if self.definition else 'dropping index'} {self.name}"

    def is_for(self, dialect: Dialect) -> bool:
        """Whether this database has it."""
        return self.only in (None, dialect)

    def statement(self, *, concurrently: bool) -> str:
        """The SQL; ``concurrently`` as PostgreSQL does it outside of any transaction."""
        way = "CONCURRENTLY " if concurrently else ""
        if not self.definition:
            return f"DROP INDEX {way}IF EXISTS {self.name}"
        kind = "UNIQUE INDEX" if self.unique else "INDEX"
        return f"CREATE {kind} {way}IF NOT EXISTS {self.name} {self.definition}"


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A back-fill: ``slice`` does a part of it, and answers how many rows; 0 when none is left."""

    slice: Callable[[Port], int]

    def __str__(self) -> str:
        return "filling rows"


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One step of the schema. Code of the schema ``compatible_from`` may go on after it."""

    number: int
    name: str
    compatible_from: int
    expand: Callable[[Port], None]
    online: tuple[Index | Fill, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.number:04} {self.name}"


@cache
def load(*more: Traversable) -> tuple[Migration, ...]:
    """Every migration, of ours and of ``more`` folders, in order and numbered without gaps.

    :raises ValueError: when a number is missing or given twice, or a file is none of the kinds.
    """
    folders = (files("understudy.storage.sql") / "migrations", *more)
    found = sorted((one for folder in folders for one in _read(folder)), key=lambda one: one.number)
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations must be numbered 0001, 0002, … without gaps")
    return tuple(found)


def from_sql(number: int, name: str, source: str) -> Migration:
    """The migration that a ``.sql`` file holds.

    :raises ValueError: when its long half does more than make and drop indexes.
    """
    declared = _COMPATIBLE_FROM.search(source)
    short, *long = _ONLINE.split(source)
    statements = tuple(_statements(short))

    def expand(port: Port) -> None:
        for statement in statements:
            port.execute(statement)

    return Migration(
        number=number,
        name=name,
        compatible_from=int(declared[1]) if declared else number,
        expand=expand,
        online=tuple(_index(one) for part in long for one in _statements(part)),
    )


def from_python(number: int, name: str, module: ModuleType) -> Migration:
    """The migration that a ``.py`` file holds.

    :raises ValueError: when it does nothing.
    """
    expand, fill = getattr(module, "expand", None), getattr(module, "fill", None)
    if expand is None and fill is None:
        raise ValueError(f"migration {number:04} has neither expand nor fill")
    return Migration(
        number=number,
        name=name,
        compatible_from=getattr(module, "COMPATIBLE_FROM", number),
        expand=expand or (lambda port: None),
        online=(*((Fill(slice=fill),) if fill else ()), *getattr(module, "INDEXES", ())),
    )


def _read(folder: Traversable) -> Iterator[Migration]:
    for file in folder.iterdir():
        match = _FILE.match(file.name)
        if match is None:
            continue
        number, name = int(match[1]), match[2]
        if match[3] == "sql":
            yield from_sql(number, name, file.read_text("utf-8"))
        else:
            yield from_python(number, name, _module(file))


def _module(file: Traversable) -> ModuleType:
    with as_file(file) as path:
        spec = importlib.util.spec_from_file_location(f"understudy_migration_{path.stem}", path)
        if spec is None or spec.loader is None:
            raise ValueError(f"{path} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def _statements(source: str) -> Iterator[str]:
    text = re.sub(r"^\s*--.*\n", "", source, flags=re.MULTILINE)
    for statement in _STATEMENT_END.split(text):
        if statement.strip():
            yield statement.strip()


def _index(statement: str) -> Index:
    made, dropped = _CREATE_INDEX.fullmatch(statement), _DROP_INDEX.fullmatch(statement)
    if made:
        return Index(name=made[2], definition=made[3], unique=bool(made[1]))
    if dropped:
        return Index(name=dropped[1], definition="")
    raise ValueError(f"only indexes can be made and dropped while others write, not: {statement}")
