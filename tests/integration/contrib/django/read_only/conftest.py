"""The shop's database, of each kind, and a browser in which a session may only read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg.conninfo
import pymysql  # type: ignore[import-untyped]
import pytest
from django.db import connections
from django.test import AsyncClient, Client, override_settings

from tests.fixtures.django_site import site
from tests.fixtures.mariadb import HOST, MariaDB
from tests.fixtures.postgresql import PostgresServer
from tests.integration.contrib.django.read_only.views import Item, chosen, items, mailed
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import HEADER
from understudy.testing import FakeGateway, FakeSession

NAMES = ["apple", "pear"]
ORIGIN = "https://testserver"


def sqlite(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A file."""
    folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("shop")
    yield {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "shop.db")}


def postgresql(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A database of the tests' server."""
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        where: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(url)
        yield {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": where["dbname"],
            "USER": where["user"],
            "PASSWORD": where["password"],
            "HOST": where["host"],
            "PORT": where["port"],
        }


def mariadb(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """A server of its own, by the driver that is written in Python."""
    pymysql.install_as_MySQLdb()
    server: MariaDB = request.getfixturevalue("mariadb_server")
    yield {
        "ENGINE": "django.db.backends.mysql",
        "NAME": server.database,
        "USER": server.user,
        "PASSWORD": server.password,
        "HOST": HOST,
        "PORT": server.port,
    }


KINDS: dict[str, Callable[[pytest.FixtureRequest], Iterator[dict[str, Any]]]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "mariadb": mariadb,
}


@pytest.fixture(scope="module", params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of the shop's database, which has its table."""
    for where in KINDS[request.param](request):
        alias = chosen[0] = f"shop_on_{request.param}"
        settled = connections.configure_settings({"default": {}, alias: where})[alias]
        connections.settings[alias] = {**settled, "CONN_MAX_AGE": None}
        with connections[alias].schema_editor() as editor:
            editor.create_model(Item)
            if request.param == "mariadb":
                editor.execute("CREATE OR REPLACE SEQUENCE numbers")
        yield request.param
        with connections[alias].schema_editor() as editor:
            editor.delete_model(Item)
        connections[alias].close()
        del connections[alias], connections.settings[alias]


class Shop:
    """A browser with a session that may only read."""

    def __init__(self, gateway: FakeGateway, *, is_async: bool) -> None:
        self.gateway = gateway
        self.is_async = is_async
        self.session: FakeSession | None = None

    def begin(self, scope: Scope = Scope.READ_ONLY) -> FakeSession:
        """A session; without one, it is the user's own browser."""
        self.session = self.gateway.open(scope=scope)
        return self.session

    def get(self, address: str) -> Any:
        """Ask for a page."""
        return self._asked("get", address)

    def post(self, address: str, verb: str = "post") -> Any:
        """Send something."""
        return self._asked(verb, address, data={}, content_type="application/json")

    def names(self) -> list[str]:
        """What is sold now, as somebody else sees it."""
        return list(items().order_by("id").values_list("name", flat=True))

    def _asked(self, verb: str, address: str, **more: Any) -> Any:
        client: Any = AsyncClient() if self.is_async else Client()
        headers = {"origin": ORIGIN}
        if self.session is not None:
            client.cookies[OVERLAY] = self.session.token
            headers[HEADER.decode()] = self.session.id
        asked = getattr(client, verb)(address, secure=True, headers=headers, **more)
        return asyncio.run(_whole(asked)) if self.is_async else _whole_here(asked)


async def _whole(asked: Any) -> Any:
    response = await asked
    if response.streaming:
        response.body = [part async for part in response.streaming_content]
    return response


def _whole_here(response: Any) -> Any:
    if response.streaming:
        response.body = list(response.streaming_content)
    return response


def _found(subject: Any) -> Any:
    return SimpleNamespace(pk=subject.id, is_authenticated=True)


@pytest.fixture(params=[False, True], ids=["wsgi", "asgi"])
def shop(kind: str, gateway: FakeGateway, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A site that holds the shop's database, under either of Django's handlers."""
    items().all().delete()
    items().bulk_create([Item(name=name) for name in NAMES])
    mailed.clear()
    understudy = gateway.understudy()
    options = {
        "UNDERSTUDY": understudy,
        "LOAD_USER": _found,
        "READ_ONLY_DATABASES": chosen,
        "READS": ["POST /search"],
    }
    with override_settings(
        MIDDLEWARE=[site.GUARD],
        ROOT_URLCONF="tests.integration.contrib.django.read_only.views",
        UNDERSTUDY=options,
    ):
        yield Shop(gateway, is_async=request.param)
    understudy.close()
