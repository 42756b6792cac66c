"""A login that is to read and no more, on a real server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
import psycopg.conninfo
import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.reading_login import PASSWORD, reader_of
from tests.unit.cli.conftest import CommandLine
from understudy.cli.findings import Finding
from understudy.cli.login_findings import examine_login
from understudy.errors import Unavailable


class Login:
    """The reader's address, and those who may change what it may do."""

    def __init__(self, server: PostgresServer, url: str) -> None:
        self.database = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        self._owner = url
        self._admin = psycopg.conninfo.make_conninfo(server.admin_url, dbname=self.database)
        self.url = psycopg.conninfo.make_conninfo(url, user="reader", password=PASSWORD)

    def owner(self, *statements: str) -> None:
        """By who owns the tables."""
        self._said(self._owner, statements)

    def admin(self, *statements: str) -> None:
        """By who may do everything."""
        self._said(self._admin, statements)

    def found(self) -> Sequence[Finding]:
        """What is said of it, beside that it can sign in."""
        first, *others = examine_login(self.url)
        assert first == Finding(level="ok", what=f"reader can sign in to {self.database}")
        return others

    def _said(self, url: str, statements: Sequence[str]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture
def login(postgres_server: PostgresServer) -> Iterator[Login]:
    """As it should be."""
    with postgres_server.database() as url:
        made = Login(postgres_server, url)
        try:
            made.owner("CREATE TABLE items (id serial, name text)")
            made.admin(*reader_of(made.database))
            yield made
        finally:
            made.admin("DROP OWNED BY reader", "DROP ROLE reader")


def test_a_login_as_it_should_be_has_nothing_said_of_it(login: Login) -> None:
    assert login.found() == []


@pytest.mark.parametrize(
    ("statement", "level", "what"),
    [
        ("GRANT UPDATE ON items TO reader", "error", "it may write: public.items"),
        ("GRANT INSERT (name) ON items TO PUBLIC", "error", "it may write: public.items"),
        (
            "GRANT USAGE ON items_id_seq TO reader",
            "error",
            "it may take numbers from sequences: public.items_id_seq",
        ),
        ("GRANT CREATE ON SCHEMA public TO reader", "error", "it may make something in schemas"),
        ("GRANT understudy TO reader WITH INHERIT FALSE", "error", "it may become others"),
        ("ALTER ROLE reader CREATEROLE", "error", "it may more than any login"),
        (
            "CREATE FUNCTION add() RETURNS void SECURITY DEFINER LANGUAGE sql AS ''",
            "warning",
            "it may run what runs with the rights of whoever made it (SECURITY DEFINER): add()",
        ),
        (
            "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC",
            "warning",
            "outside of read-only transactions it may make large objects: lo_create(oid)",
        ),
        ("GRANT TEMP ON DATABASE {database} TO PUBLIC", "warning", "outside of read-only"),
        (
            "ALTER ROLE reader RESET default_transaction_read_only",
            "warning",
            "its transactions are read-only only where somebody says so",
        ),
        ("CREATE TABLE more (name text)", "warning", "it may not read, so that pages fail"),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE understudy IN SCHEMA public"
            " REVOKE SELECT ON TABLES FROM reader",
            "warning",
            "tables that are still to be made it may not read: understudy in public",
        ),
        (
            "ALTER TABLE items ENABLE ROW LEVEL SECURITY",
            "warning",
            "row security may show it fewer rows than the app, without an error: public.items",
        ),
        (
            "ALTER ROLE reader RESET search_path",
            "warning",
            "$user in its search_path is another schema than the app's",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said(login: Login, statement: str, level: str, what: str) -> None:
    login.admin(statement.format(database=login.database))
    found = [one for one in login.found() if one.what.startswith(what)]
    assert [one.level for one in found] == [level]
    assert found[0].advice


def test_of_many_the_first_are_named(login: Login) -> None:
    login.owner(*(f"CREATE TABLE t{number} (a int)" for number in range(7)))
    login.owner("GRANT DELETE ON ALL TABLES IN SCHEMA public TO reader")
    (found,) = login.found()
    shown = "public.items, public.t0, public.t1, public.t2, public.t3 and 3 more"
    assert found.what == f"it may write: {shown}"


def test_the_verb_says_it_and_ends_with_one(login: Login, empty: CommandLine) -> None:
    assert empty.run("doctor", "--reading-login", login.url).exit_code == 0
    login.owner("GRANT UPDATE ON items TO reader")
    done = empty.run("doctor", "--reading-login", login.url)
    assert (done.exit_code, "it may write: public.items" in done.stdout) == (1, True)


def test_an_address_by_which_nobody_comes_in_is_told_without_it(login: Login) -> None:
    wrong = psycopg.conninfo.make_conninfo(login.url, password="secret")
    with pytest.raises(Unavailable) as refused:
        examine_login(wrong)
    assert "secret" not in str(refused.value)
