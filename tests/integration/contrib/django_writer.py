"""Writes with Django's own connections, in a process whose settings nobody else has made.

``python -m tests.integration.contrib.django_writer URL CASE``
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import django
import psycopg.conninfo
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.fixtures.impersonation import SESSION
from understudy.sdk.context import Impersonation, Present, entered

SAM = Impersonation.of(SESSION)


def configure(url: str, **more: object) -> None:
    """One connection that outlives its requests."""
    where: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(url)
    chosen = {
        "ENGINE": "understudy.contrib.django.database",
        "NAME": where["dbname"],
        "USER": where["user"],
        "PASSWORD": where["password"],
        "HOST": where["host"],
        "PORT": where["port"],
        "CONN_MAX_AGE": None,
        **more,
    }
    settings.configure(USE_TZ=True, DATABASES={"default": chosen})
    django.setup()


def write(state: str) -> None:
    """One row."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO orders (state) VALUES (%s)", [state])


def take_back() -> None:
    """One row that is not to stay."""
    with transaction.atomic():
        write("taken back")
        transaction.set_rollback(True)


def next_customer() -> None:
    """A session, then two users of their own."""
    with entered(Present(SAM)), transaction.atomic():
        write("1")
    with transaction.atomic():
        write("2")
    write("3")


def nested() -> None:
    """Blocks within a block, of which one is taken back."""
    with entered(Present(SAM)), transaction.atomic():
        take_back()
        with transaction.atomic():
            write("1")
        write("2")


def rolled_back() -> None:
    """A block that is taken back, then another, then a user's own."""
    with entered(Present(SAM)):
        take_back()
        with transaction.atomic():
            write("1")
    with transaction.atomic():
        write("2")


def outside() -> None:
    """In autocommit."""
    with entered(Present(SAM)):
        write("1")


def keep(state: str) -> None:
    """One row, in a transaction that the app itself ends."""
    write(state)
    transaction.commit()


def one_after_another() -> None:
    """Transactions that the app itself ends: two of a session, one of a user's."""
    with entered(Present(SAM)):
        keep("1")
        keep("2")
    keep("3")


def left_open() -> None:
    """Who has begun a transaction is not who writes in it."""
    with entered(Present(SAM)):
        write("1")
    keep("2")
    write("3")
    with entered(Present(SAM)):
        keep("4")
    keep("5")


def by_hand() -> None:
    """The same where autocommit is turned off for a while."""
    transaction.set_autocommit(False)
    one_after_another()
    transaction.set_autocommit(True)


def after_an_error() -> None:
    """A transaction that has failed, and the next one."""
    with entered(Present(SAM)):
        with suppress(DatabaseError):
            write("2")
            connection.cursor().execute("no SQL")
        with suppress(DatabaseError):
            write("still failed")
        transaction.rollback()
        keep("1")


def nested_without_autocommit() -> None:
    """Savepoints, of which one is taken back, within a transaction that the app itself ends."""
    with entered(Present(SAM)):
        take_back()
        with transaction.atomic():
            write("1")
        transaction.commit()


CASES = {case.__name__: case for case in (next_customer, nested, rolled_back, outside, by_hand)}
WITHOUT_AUTOCOMMIT = {
    case.__name__: case
    for case in (one_after_another, left_open, after_an_error, nested_without_autocommit)
}

if __name__ == "__main__":
    url, name = sys.argv[1:]
    configure(url, AUTOCOMMIT=name in CASES)
    (CASES | WITHOUT_AUTOCOMMIT)[name]()
