"""The table of docs/howto/read-only.md, statement by statement."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.docs.pages import ROOT
from tests.integration.contrib.sqlalchemy.test_read_only import READING, by_session, names
from understudy.errors import WriteBlocked
from understudy.sdk.context import Present, entered

PAGE = ROOT / "docs/howto/read-only.md"
COLUMNS = {"postgresql": 2, "mysql": 3, "mariadb": 3, "sqlite": 4}


def told(name: str) -> dict[str, str]:
    """What the guide says of each statement on one database."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {row[1].strip("`"): row[COLUMNS[name]] for row in rows if row[COLUMNS[name]]}


def found(shop: Engine, statement: str) -> str:
    """What becomes of it in a session that may only read."""
    try:
        with entered(Present(READING)), shop.connect() as connection:
            connection.execute(text(statement))
    except WriteBlocked:
        return "refused"
    return "passes"


def test_each_statement_is_refused_or_passes_as_the_guide_says(shop: Engine) -> None:
    expected = told(shop.dialect.name)
    assert {statement: found(shop, statement) for statement in expected} == expected
    by_session(shop)


def in_a_thread(shop: Engine, start: Callable[..., Any]) -> None:
    """Write there, as a view does that waits for it."""
    with ThreadPoolExecutor() as pool:
        pool.submit(start, by_session, shop).result()


def test_a_thread_is_held_once_it_is_given_the_request(shop: Engine) -> None:
    with entered(Present(READING)):
        with pytest.raises(WriteBlocked):
            in_a_thread(shop, copy_context().run)
        assert names(shop) == ["apple"]
        in_a_thread(shop, lambda write, to: write(to))
    assert names(shop) == ["apple", "new"]
