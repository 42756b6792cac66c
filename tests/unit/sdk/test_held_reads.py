"""Whether a request may only read, and what it was kept from changing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from psycopg.sql import SQL, Identifier

from tests.fixtures.impersonation import SESSION
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import WriteBlocked
from understudy.sdk.context import Impersonation, OwnRequest, Present, RefusedWrite, within
from understudy.sdk.held_reads import (
    asks_to_write,
    ends_transaction,
    reading_only,
    refuse_write,
    table_in,
)

SAM = Impersonation.of(SESSION)


class Asking:
    """A statement that only its connection could put into words."""

    def as_string(self, connection: object) -> str:
        raise TypeError(connection)


def present(scope: Scope) -> Present:
    return Present(replace(SAM, scope=scope))


def test_a_session_that_may_only_read_is_known_also_in_what_it_has_left_running() -> None:
    reading = present(Scope.READ_ONLY)
    with within(reading):
        assert reading_only() is reading
        reading.over = True
        assert reading_only() is reading
    assert not reading.asked


def test_nobody_else_is_held() -> None:
    assert reading_only() is None
    with within(present(Scope.FULL)):
        assert reading_only() is None
    with OwnRequest():
        assert reading_only() is None


def test_the_first_write_that_was_refused_is_the_one_that_is_told() -> None:
    reading = present(Scope.READ_ONLY)
    assert isinstance(refuse_write(reading, "orders"), WriteBlocked)
    refuse_write(reading, "users")
    assert reading.write == RefusedWrite("write_blocked", "orders")


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ('INSERT INTO "shop"."orders" ("a") VALUES (1)', "shop.orders"),
        ("insert or replace into orders values (1)", "orders"),
        ("UPDATE `orders` SET a = 1", "orders"),
        ("UPDATE ONLY orders SET a = 1", "orders"),
        ("DELETE FROM orders WHERE a IN (SELECT a FROM users)", "orders"),
        ("WITH old AS (SELECT 1 FROM users) DELETE FROM orders", "orders"),
        ("TRUNCATE TABLE orders", "orders"),
        ("CREATE TEMPORARY TABLE IF NOT EXISTS orders (a int)", "orders"),
        ("ALTER TABLE orders ADD b int", "orders"),
        ("MERGE INTO orders USING users ON true", "orders"),
        ("COPY orders (a) FROM STDIN", "orders"),
        ("LOCK TABLES orders WRITE", "orders"),
        ('SELECT "orders"."a" FROM "orders" FOR UPDATE', "orders"),
        ("SELECT nextval('orders_id_seq')", None),
        (b"VACUUM", None),
    ],
)
def test_the_table_of_a_statement_is_found(statement: object, table: str | None) -> None:
    assert table_in(statement) == table


@pytest.mark.parametrize(
    ("statement", "ends"),
    [
        ("COMMIT", True),
        (b"COMMIT", True),
        ("SELECT 1;commit", True),
        ("/* a */ -- b\n COMMIT", True),
        ("/* a /* b */ c */ COMMIT", True),
        ("/* a /* b */ COMMIT", True),
        ("ROLLBACK", True),
        ("ROLLBACK /* */ TO a", True),
        ("ROLLBACK TO SAVEPOINT a", False),
        ("ROLLBACK WORK TO a", False),
        ("START TRANSACTION", True),
        ("PREPARE TRANSACTION 'a'", True),
        ("PREPARE a AS SELECT 1", False),
        ("SELECT CASE WHEN a THEN 1 /* b */ END FROM c", False),
        ("SELECT commit FROM deployments", False),
        ("SELECT a -- COMMIT", False),
        ("", False),
        (SQL("COMMIT"), True),
        (SQL("SELECT {}").format(Identifier("a")), False),
        (3, True),
        (Asking(), True),
    ],
)
def test_what_ends_a_transaction_is_found_whatever_stands_before_it(
    statement: object, ends: bool
) -> None:
    assert ends_transaction(statement) is ends


@pytest.mark.parametrize(
    ("statement", "widens"),
    [
        ("SET SESSION TRANSACTION READ WRITE", True),
        ("SET @@SESSION.tx_read_only = 0", True),
        ("SET /* a */ TRANSACTION\nREAD/**/WRITE", True),
        ("SET @a = '/*', tx_read_only = 0, @b = '*/'", True),
        ("/*!50000 SET TRANSACTION READ WRITE */", True),
        ("/*M! START TRANSACTION READ WRITE */", True),
        ("START TRANSACTION READ ONLY", False),
        ("BEGIN NOT ATOMIC SELECT 1; END", True),
        ("BEGIN", False),
        ("EXECUTE IMMEDIATE 'SELECT 1'", True),
        ("PREPARE a FROM 'SELECT 1'", True),
        ("SET NAMES utf8mb4", False),
        ("SELECT is_read_only FROM shops", False),
        (3, True),
    ],
)
def test_what_sets_a_session_to_writing_is_found(statement: object, widens: bool) -> None:
    assert asks_to_write(statement) is widens
