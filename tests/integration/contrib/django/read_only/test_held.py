"""Sessions that may only read: the verb decides first, and the database second."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import override_settings

from tests.fixtures.django_site import site
from tests.integration.contrib.django.read_only import views
from tests.integration.contrib.django.read_only.conftest import NAMES, Shop
from understudy.contrib.django import UnderstudyMiddleware
from understudy.core.impersonation.restrictions import Scope
from understudy.errors import SetupError, WriteBlocked
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway


def moved(get_response: Any) -> Any:
    """Serves some addresses by others, behind the guard."""

    def answer(request: Any) -> Any:
        request.urlconf = "tests.integration.contrib.django.read_only.moved_urls"
        return get_response(request)

    async def answer_async(request: Any) -> Any:
        request.urlconf = "tests.integration.contrib.django.read_only.moved_urls"
        return await get_response(request)

    return answer_async if iscoroutinefunction(get_response) else answer


moved.sync_capable = moved.async_capable = True  # type: ignore[attr-defined]  # as Django asks


def next_customer_writes(shop: Shop) -> None:
    """The connection is the next one's as if nothing had been."""
    shop.session = None
    before = shop.names()
    assert shop.post("/undeclared").status_code == 200
    assert shop.get("/write/in_a_block").status_code == 200
    assert shop.names() == [*before, "new", "new"]


def is_refused(shop: Shop, way: str) -> None:
    """By the database, before the view has gone on."""
    session = shop.begin()
    got = shop.get(f"/write/{way}")
    assert (got.status_code, got.json()["code"]) == (403, "write_blocked")
    (action,) = shop.gateway.actions(session.id, phase=Phase.BLOCKED)
    assert (action.rule, action.status) == ("write_blocked", 403)
    assert (views.mailed, shop.names()) == ([], NAMES)
    next_customer_writes(shop)


@pytest.mark.parametrize("way", views.WRITES)
def test_a_page_that_writes_is_refused_and_nothing_is_written_nor_mailed(
    shop: Shop, way: str
) -> None:
    is_refused(shop, way)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("way", views.OF_POSTGRESQL)
def test_so_is_what_postgresql_alone_knows(shop: Shop, way: str) -> None:
    is_refused(shop, way)


@pytest.mark.parametrize("kind", ["mariadb"], indirect=True)
@pytest.mark.parametrize("way", views.OF_MARIADB)
def test_so_is_what_mariadb_alone_knows(shop: Shop, way: str) -> None:
    is_refused(shop, way)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", views.OF_SQLITE)
def test_so_is_what_sqlite_alone_knows(shop: Shop, way: str) -> None:
    is_refused(shop, way)


def test_the_log_names_the_table(shop: Shop) -> None:
    session = shop.begin()
    shop.get("/write/update")
    (action,) = shop.gateway.actions(session.id, phase=Phase.BLOCKED)
    assert action.table == "items"


def test_what_only_reads_works_as_ever(shop: Shop) -> None:
    shop.begin()
    for _ in range(2):
        assert shop.get("/show").content == b"apple pear apple pear"
    next_customer_writes(shop)


@pytest.mark.parametrize("address", ["/search", "/marked", "/report", "/whole"])
def test_a_declared_route_reads_by_post(shop: Shop, address: str) -> None:
    shop.begin()
    got = shop.post(address)
    assert (got.status_code, got.content) == (200, b"apple pear apple pear")


@pytest.mark.parametrize(
    ("verb", "address"),
    [("post", "/undeclared"), ("post", "/heir"), ("put", "/report"), ("put", "/search")],
)
def test_any_other_is_refused_before_any_of_the_site_s_code(
    shop: Shop, verb: str, address: str
) -> None:
    session = shop.begin()
    got = shop.post(address, verb)
    assert (got.status_code, got.json()["code"]) == (403, "read_only")
    (action,) = shop.gateway.actions(session.id, phase=Phase.BLOCKED)
    assert (action.rule, action.route) == ("read_only", None)
    assert (views.mailed, shop.names()) == ([], NAMES)


def test_what_is_declared_to_read_and_writes_is_refused(shop: Shop) -> None:
    shop.begin()
    assert shop.post("/liar").json()["code"] == "write_blocked"
    assert (views.mailed, shop.names()) == ([], NAMES)


def test_an_async_view_that_writes_is_refused(shop: Shop) -> None:
    shop.begin()
    assert shop.get("/write-async").json()["code"] == "write_blocked"
    next_customer_writes(shop)


def test_a_page_that_writes_while_it_is_sent_writes_nothing(shop: Shop) -> None:
    shop.begin()
    with pytest.raises(WriteBlocked):
        shop.get("/write-late")
    assert shop.names() == NAMES
    next_customer_writes(shop)


def test_a_session_that_may_do_everything_writes(shop: Shop) -> None:
    shop.begin(Scope.FULL)
    assert shop.get("/write/create").status_code == 200
    assert shop.names() == [*NAMES, "new"]


def test_a_view_is_not_served_by_the_word_of_another(shop: Shop) -> None:
    shop.begin()
    with override_settings(MIDDLEWARE=[site.GUARD, f"{__name__}.moved"]):
        assert shop.post("/marked").json()["code"] == "read_only"
    assert (views.mailed, shop.names()) == ([], NAMES)


def test_a_page_that_fails_leaves_nothing_to_the_next_customer(shop: Shop) -> None:
    shop.begin()
    with pytest.raises(LookupError):
        shop.get("/fails")
    next_customer_writes(shop)


def test_settings_and_locks_of_a_database_s_session_end_with_the_request(shop: Shop) -> None:
    shop.begin()
    before = shop.get("/kept").content
    assert shop.get("/kept").content == before


def test_a_transaction_that_was_open_before_goes_on_as_it_was(shop: Shop) -> None:
    with transaction.atomic(using=views.chosen[0]):
        shop.begin()
        for _ in range(2):
            assert shop.get("/write/create").json()["code"] == "write_blocked"
        views.items().create(name="new")
    assert shop.names() == [*NAMES, "new"]


def test_other_databases_stay_as_they_are(shop: Shop) -> None:
    options = {**settings.UNDERSTUDY, "READ_ONLY_DATABASES": ["default"]}
    with override_settings(UNDERSTUDY=options):
        shop.begin()
        assert shop.get("/write/create").status_code == 200
    assert shop.names() == [*NAMES, "new"]


@pytest.mark.parametrize("given", [["nowhere"], "shop", 3, ["unknown"]])
def test_what_cannot_be_held_is_told_at_once(given: object, gateway: FakeGateway) -> None:
    connections.settings["unknown"] = {"ENGINE": "django.db.backends.dummy"}
    options = {"UNDERSTUDY": gateway.understudy(), "READ_ONLY_DATABASES": given}
    with override_settings(UNDERSTUDY=options), pytest.raises(SetupError):
        UnderstudyMiddleware(lambda request: HttpResponse())
    del connections.settings["unknown"]
