from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.embedded.databases import store_url
from understudy.errors import SetupError

POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "shop",
    "USER": "shop@eu",
    "PASSWORD": "p:/?#%",
    "HOST": "db.example",
    "PORT": 5433,
    "CONN_MAX_AGE": 60,
    "OPTIONS": {"sslmode": "require", "pool": True},
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ("postgresql://a:b@db/shop", "postgresql://a:b@db/shop"),
        ("postgres://db/shop", "postgresql://db/shop"),
        (
            "postgresql+psycopg://a:b@db/shop?sslmode=require",
            "postgresql://a:b@db/shop?sslmode=require",
        ),
        ("postgresql+asyncpg://db/shop", "postgresql://db/shop"),
        (
            POSTGRES,
            "postgresql://shop%40eu:p%3A%2F%3F%23%25@/shop?sslmode=require&host=db.example&port=5433",
        ),
        (
            {**POSTGRES, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}},
            "postgresql:///shop",
        ),
        (
            {
                **{"ENGINE": POSTGRES["ENGINE"], "NAME": "shop"},
                "OPTIONS": {"host": "/run/pg", "port": 5433, "user": "ada", "password": "p:"},
            },
            "postgresql://ada:p%3A@/shop?host=%2Frun%2Fpg&port=5433",
        ),
        ({"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}, None),
    ],
)
def test_the_apps_own_words_for_its_database(given: Any, expected: str | None) -> None:
    assert store_url(given) == expected


def test_what_django_says_is_what_the_driver_reads() -> None:
    from psycopg.conninfo import conninfo_to_dict

    assert conninfo_to_dict(store_url(POSTGRES) or "") == {
        "user": "shop@eu",
        "password": "p:/?#%",
        "host": "db.example",
        "port": "5433",
        "dbname": "shop",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    "given",
    [
        "mysql://ada:hunter2@db/shop",
        "sqlite:///hunter2.db",
        "hunter2",
        {"ENGINE": "django.db.backends.mysql", "PASSWORD": "hunter2"},
    ],
)
def test_another_database_is_refused_and_its_address_not_repeated(given: Any) -> None:
    with refusal_of(SetupError, "setup_error") as refused:
        store_url(given)
    assert "hunter2" not in refused.value.detail
