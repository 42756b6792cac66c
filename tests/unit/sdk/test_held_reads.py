"""Whether a request may only read, and what it was kept from changing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fixtures.impersonation import SESSION
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import WriteBlocked
from understudy.sdk.context import Impersonation, OwnRequest, Present, RefusedWrite, within
from understudy.sdk.held_reads import reading_only, refuse_write, table_in

SAM = Impersonation.of(SESSION)


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
