"""The two examples, running, with Kim signed in to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from tests.acceptance.conftest import Example, running_example
from tests.acceptance.one_person.example import Kind, RunningExample, Written, cookie_of
from tests.acceptance.test_django_shop import Shop, as_kim
from tests.acceptance.test_flask_crm import signed_in
from tests.fixtures.postgresql import PostgresServer

SHOP = Kind(
    form="/orders/new/",
    field="text",
    people="/customers/",
    settings="/account/",
    operator="you@saltbox.example",
    agent="kim@saltbox.example",
)
CRM = Kind(
    form="/contacts/new",
    field="name",
    people="/people",
    settings="/settings",
    operator="you@lighthouse.example",
    agent="kim@lighthouse.example",
)
_IN_SHOP = """
SELECT username, text FROM shop_message JOIN shop_order ON shop_order.id = order_id
JOIN auth_user ON auth_user.id = customer_id
"""
_IN_CRM = "SELECT owner, name FROM contacts"


@contextmanager
def django_shop(
    folder: Path, browser: Browser, postgres: PostgresServer
) -> Iterator[RunningExample]:
    """On PostgreSQL; the agent's own session is a row there."""
    with (
        postgres.database() as database_url,
        running_example("django_shop", folder, DATABASE_URL=database_url) as example,
    ):
        shop = Shop(url=example.url, database_url=database_url, data=folder)
        stored = Written(rows=lambda: shop.rows(_IN_SHOP))
        made = RunningExample(SHOP, example, stored, own=shop.login)
        context = browser.new_context()
        as_kim(context.new_page(), shop, looked_at=False)
        made.keep(context)
        yield made
        context.close()
        made.service.close()


@contextmanager
def flask_crm(folder: Path, browser: Browser) -> Iterator[RunningExample]:
    """On SQLite; the agent's own session is in its cookies."""
    with running_example("flask_crm", folder) as example:
        stored = Written(rows=lambda: _contacts(example))
        made = RunningExample(CRM, example, stored, own=_login)
        context = browser.new_context()
        signed_in(context.new_page(), example.url)
        made.keep(context)
        yield made
        context.close()
        made.service.close()


def _login(context: BrowserContext) -> object:
    return [cookie_of(context, name) for name in ("session", "remember_token")]


def _contacts(example: Example) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(example.data / "crm.sqlite3")) as database:
        return database.execute(_IN_CRM).fetchall()
