"""A database whose plans can be looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tests.unit.storage.planner import empty_database


@pytest.fixture(scope="package")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A plain connection to an empty SQLite file with our schema."""
    with empty_database(tmp_path_factory.mktemp("plans")) as raw:
        yield raw
