"""Somebody who can write the database, and lacks the installation's key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract.rules.world import HERE, World, world
from tests.integration.proof.place import Sql, connect
from understudy.core.notices.events import SYSTEM
from understudy.core.people.permissions import Role
from understudy.core.ports.comparison import Table
from understudy.flows.comparison.compare import compare
from understudy.flows.comparison.differences import Difference, DifferenceCode
from understudy.flows.people import sign_in, team
from understudy.flows.retention.retain import retain

RAW = ("token_mac", "token_nonce", "mac")
"""How names of columns begin or end that hold random bytes."""


@dataclass(frozen=True, kw_only=True)
class Forge:
    """An installation, and a connection of somebody who can write its database."""

    world: World
    url: str
    folder: Path
    sql: Sql

    def differences(self) -> list[Difference]:
        """What a comparison finds now."""
        with self.world.engine.comparing() as rows:
            return list(compare(rows).differences)

    def found(self) -> list[tuple[DifferenceCode, Table | None]]:
        """What it finds, by code and table."""
        return [(one.code, one.table) for one in self.differences()]

    def copy(self, table: str, where: str, **changes: object) -> None:
        """Add a row like another one, with other random bytes."""
        names = self.sql.names(f"SELECT * FROM {table}")
        row = dict(
            zip(names, self.sql.rows(f"SELECT * FROM {table} WHERE {where}")[0], strict=True)
        )
        fresh = {name: os.urandom(32) for name in names if name.startswith(RAW) and row[name]}
        self.put(table, row | fresh | changes)

    def put(self, table: str, row: dict[str, Any]) -> None:
        """Add a row."""
        places = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"
        self.sql.change(statement, *row.values())

    def taken(self, table: str, where: str) -> dict[str, Any]:
        """A row, deleted."""
        names = self.sql.names(f"SELECT * FROM {table}")
        row = self.sql.rows(f"SELECT * FROM {table} WHERE {where}")[0]
        self.sql.change(f"DELETE FROM {table} WHERE {where}")
        return dict(zip(names, row, strict=True))

    def retain(self) -> None:
        """Let retention do all that it has to do."""
        while self.world.run(lambda unit: retain(unit, self.world.application.id)).more:
            pass

    def sign_in(self) -> sign_in.SignedIn:
        """Sam, signed in as everybody signs in."""
        begun = self.world.run(lambda unit: sign_in.signed_in(unit, self.world.sam, origin=HERE))
        assert begun is not None
        return begun

    def invite(self, email: str = "new@support.example") -> team.Invited:
        """A new colleague who has not come yet."""
        return self.world.run(
            lambda unit: team.invite(
                unit, email=email, name="New", roles=[Role.AUDITOR], by=SYSTEM, origin=HERE
            )
        )


@contextmanager
def forging(database_url: str, folder: Path) -> Iterator[Forge]:
    """A small installation in which nothing is forged yet."""
    with world(database_url, folder) as made, closing(connect(database_url)) as sql:
        ready = Forge(world=made, url=database_url, folder=folder, sql=sql)
        assert ready.differences() == []
        yield ready
