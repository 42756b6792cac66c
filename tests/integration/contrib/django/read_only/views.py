"""A shop whose pages write in every way that Django knows, and some that it does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connections, models, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views import View
from psycopg.sql import SQL

from understudy import reads

chosen = ["default"]
"""The alias of the shop's database: threads keep the connections of each."""
mailed: list[str] = []
"""What a view has done behind its write."""


class Item(models.Model):  # type: ignore[misc]  # Django has no types
    """What is sold."""

    name = models.TextField()

    class Meta:
        app_label = "understudy"
        db_table = "items"


def items() -> Any:
    """All of them."""
    return Item.objects.using(chosen[0])


def sql(*statements: str) -> None:
    """By a cursor of Django's, one after another."""
    with connections[chosen[0]].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def atomic(change: Callable[[], object]) -> Callable[[], object]:
    """``change`` in blocks within a block, as in views that are careful."""

    def changed() -> object:
        with transaction.atomic(using=chosen[0]), transaction.atomic(using=chosen[0]):
            return change()

    return changed


def durable() -> None:
    """In a block that takes no other around it."""
    with transaction.atomic(using=chosen[0], durable=True):
        items().create(name="new")


def got_over() -> None:
    """By a view that minds no errors."""
    with suppress(DatabaseError):
        items().create(name="new")
    items().count()


def locked() -> None:
    """Rows that nobody else may change meanwhile."""
    with transaction.atomic(using=chosen[0]):
        list(items().select_for_update())


def bulk_update() -> None:
    """Many rows at once."""
    found = list(items())
    for item in found:
        item.name = "new"
    items().bulk_update(found, ["name"])


def older_cursor() -> None:
    """By a cursor of another transaction."""
    with connections[chosen[0]].cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT 1" if connections[chosen[0]].vendor == "sqlite" else "COMMIT")
        cursor.execute("INSERT INTO items (name) VALUES ('new')")


def by_hand() -> None:
    """Where the view itself ends transactions."""
    transaction.set_autocommit(False, using=chosen[0])
    try:
        items().create(name="new")
        transaction.commit(using=chosen[0])
    finally:
        transaction.rollback(using=chosen[0])
        transaction.set_autocommit(True, using=chosen[0])


def copied() -> None:
    """By the driver itself, which PostgreSQL's has for many rows at once."""
    with (
        connections[chosen[0]].cursor() as cursor,
        cursor.copy("COPY items (name) FROM STDIN") as copy,
    ):
        copy.write_row(["new"])


def composed() -> None:
    """By a statement that the driver puts together."""
    with connections[chosen[0]].cursor() as cursor:
        cursor.execute(SQL("COMMIT; INSERT INTO items (name) VALUES ('new')"))


def by_the_driver() -> None:
    """By a cursor that is not Django's, on a connection that Django has opened."""
    connection = connections[chosen[0]]
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute("INSERT INTO items (name) VALUES ('new')")
    connection.connection.commit()


WRITES: dict[str, Callable[[], object]] = {
    "create": lambda: items().create(name="new"),
    "in_a_block": atomic(lambda: items().create(name="new")),
    "durable": durable,
    "update": lambda: items().update(name="new"),
    "delete": lambda: items().all().delete(),
    "bulk_update": bulk_update,
    "update_or_create": lambda: items().update_or_create(name="pear", defaults={"name": "new"}),
    "get_or_create": lambda: items().get_or_create(name="new"),
    "bulk_create": lambda: items().bulk_create([Item(name="new"), Item(name="new")]),
    "raw": lambda: sql("INSERT INTO items (name) VALUES ('new')"),
    "many": lambda: (
        connections[chosen[0]]
        .cursor()
        .executemany("INSERT INTO items (name) VALUES (%s)", [["new"], ["new"]])
    ),
    "got_over": got_over,
    "older_cursor": older_cursor,
    "by_hand": by_hand,
    "by_the_driver": by_the_driver,
    "table": lambda: sql("CREATE TABLE more (name text)"),
    "temporary": lambda: sql("CREATE TEMPORARY TABLE more (name text)"),
}
"""What every database refuses."""
OF_POSTGRESQL: dict[str, Callable[[], object]] = {
    "locked": locked,
    "sequence": lambda: sql("SELECT nextval('items_id_seq')"),
    "copied": copied,
    "write_mode_in_a_block": atomic(
        lambda: sql("SET TRANSACTION READ WRITE", "INSERT INTO items (name) VALUES ('new')")
    ),
    "truncate": lambda: sql("TRUNCATE items"),
    "behind_a_comment": lambda: sql("/* shop */ COMMIT; INSERT INTO items (name) VALUES ('new')"),
    "composed": composed,
}
OF_MARIADB: dict[str, Callable[[], object]] = {
    "sequence_of_mariadb": lambda: sql("SELECT NEXT VALUE FOR numbers"),
    "locked_rows": locked,
    "truncated": lambda: sql("TRUNCATE items"),
    "renamed": lambda: sql("RENAME TABLE items TO others"),
    "write_mode_of_the_session": lambda: sql("SET SESSION TRANSACTION READ WRITE"),
    "writing_transaction": lambda: sql(
        "START TRANSACTION READ WRITE", "INSERT INTO items (name) VALUES ('new')"
    ),
}
OF_SQLITE: dict[str, Callable[[], object]] = {
    "attach": lambda: sql("ATTACH ':memory:' AS beside"),
    "pragma": lambda: sql("PRAGMA query_only = OFF", "INSERT INTO items (name) VALUES ('new')"),
    "vacuum": lambda: sql("VACUUM"),
    "truncating_delete": lambda: sql("DELETE FROM items"),
}
ALL = WRITES | OF_POSTGRESQL | OF_MARIADB | OF_SQLITE


def write(request: HttpRequest, way: str) -> HttpResponse:
    """Write, then mail."""
    ALL[way]()
    mailed.append(way)
    return HttpResponse("written")


async def write_async(request: HttpRequest) -> HttpResponse:
    """The same in an async view."""
    await items().acreate(name="new")
    return HttpResponse("written")


def write_late(request: HttpRequest) -> StreamingHttpResponse:
    """A page that writes while it is sent."""

    def parts() -> Any:
        yield b"one"
        items().create(name="new")
        yield b"two"

    return StreamingHttpResponse(parts())


def show(request: HttpRequest) -> HttpResponse:
    """Reads in every way."""
    with transaction.atomic(using=chosen[0]):
        names = list(items().values_list("name", flat=True))
    with suppress(DatabaseError), connections[chosen[0]].cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    names += [item.name for item in items().order_by("id").iterator(chunk_size=1)]
    return HttpResponse(" ".join(names))


def fails(request: HttpRequest) -> HttpResponse:
    """Reads, and then fails."""
    with transaction.atomic(using=chosen[0]):
        items().count()
        raise LookupError


def kept(request: HttpRequest) -> HttpResponse:
    """Shows what others have left behind on the connection, and leaves something itself."""
    if connections[chosen[0]].vendor != "postgresql":
        return HttpResponse()
    with transaction.atomic(using=chosen[0]), connections[chosen[0]].cursor() as cursor:
        cursor.execute("SELECT current_setting('shop.left', true)")
        left = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        found = left + cursor.fetchone()
        cursor.execute("SELECT set_config('shop.left', 'something', false)")
        cursor.execute("SELECT pg_try_advisory_lock(7)")
    return HttpResponse(f"{found}")


@reads
def marked(request: HttpRequest) -> HttpResponse:
    """A search."""
    return show(request)


@reads
def liar(request: HttpRequest) -> HttpResponse:
    """What is declared to read, and writes."""
    return write(request, "create")


class Report(View):  # type: ignore[misc]  # Django has no types
    """One method of it is declared."""

    @reads
    def post(self, request: HttpRequest) -> HttpResponse:
        """A search."""
        return show(request)

    def put(self, request: HttpRequest) -> HttpResponse:
        """A change."""
        return write(request, "create")


@reads
class Whole(View):  # type: ignore[misc]  # as above
    """All of it is declared."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """A search."""
        return show(request)


class Heir(Whole):
    """What inherits from it is not."""


urlpatterns = [
    path("write/<way>", write),
    path("write-async", write_async),
    path("write-late", write_late),
    path("show", show),
    path("fails", fails),
    path("kept", kept),
    path("search", show),
    path("undeclared", write, {"way": "create"}),
    path("marked", marked),
    path("liar", liar),
    path("report", Report.as_view()),
    path("whole", Whole.as_view()),
    path("heir", Heir.as_view()),
]
