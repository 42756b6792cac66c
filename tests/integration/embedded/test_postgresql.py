"""Beside the app's own tables in PostgreSQL, in a schema of its own."""

from __future__ import annotations

from pathlib import Path

import psycopg

from tests.fixtures.embedded import Shop
from understudy import Actor
from understudy.embedded.link import installation_of
from understudy.sdk.asks import Ask
from understudy.sdk.values import Presented

_OTHERS = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1, 2"


def test_all_tables_are_in_the_schema_that_the_app_named(postgres_url: str, tmp_path: Path) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as app:
        app.execute("CREATE TABLE sessions (id text); CREATE TABLE meta (name text, value text)")
        before = app.execute(_OTHERS).fetchall()
        address = postgres_url.replace("postgresql://", "postgresql+psycopg://")
        understudy = Shop().understudy(tmp_path / "data", database=address, schema="shop_support")
        gateway = installation_of(understudy).gateway()
        actor = Actor(id="sam", email="sam@shop.example", name="Sam")
        granted = gateway.request(Ask(actor=actor, subject_id="ada", reason="she asked for help"))
        opened = gateway.exchange(Presented(token=granted.token))
        understudy.close()
        assert not list((tmp_path / "data").glob("*.db"))
        assert app.execute(_OTHERS).fetchall() == before
        assert app.execute("SELECT id FROM shop_support.sessions").fetchall() == [
            (opened.session.id,)
        ]
        assert app.execute("SELECT count(*) FROM meta").fetchone() == (0,)
        named = app.execute("SELECT nspname FROM pg_namespace WHERE nspname = 'understudy'")
        assert named.fetchall() == []
