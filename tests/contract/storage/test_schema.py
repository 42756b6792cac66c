"""How the schema comes to be on both databases, and that it is the same on both."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.fixtures.refusals import refusal_of
from tests.fixtures.vault import VAULT
from understudy import errors
from understudy.core.applications.application import Application, ApplicationSettings
from understudy.core.governance.approvals import Approval
from understudy.core.governance.cases import Case
from understudy.core.governance.consent_requests import CodeTries, ConsentRequest
from understudy.core.governance.consents import Consent
from understudy.core.governance.policies import PolicySet
from understudy.core.governance.reviews import Review
from understudy.core.governance.unlocks import Unlock
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import Grant, ImpersonationToken
from understudy.core.impersonation.sessions import Session
from understudy.core.people.principals import (
    Invitation,
    Operator,
    OperatorSession,
    Organization,
    Subject,
)
from understudy.core.ports import Hold, SignInFailures, SigningKey, StoredAnswer
from understudy.core.redaction.lifted import Reveal
from understudy.storage.database import statements
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.database.migrations import Fill, Migration, from_sql, load
from understudy.storage.database.sources import Sources
from understudy.storage.seals import SEAL, SEALED
from understudy.storage.tables.reader import read_from
from understudy.storage.tables.rows import Codec

LOADED = load()

Tables = Mapping[str, Mapping[str, tuple[str, bool]]]
"""Table, column, (type in general words, whether it may be NULL)."""

BLOB = {"sqlite": "zeroblob(32)", "postgr": "decode(repeat('00', 32), 'hex')"}
"""32 bytes, in the words of each database."""
OF_LETTERS = re.compile(r"subject_letters(_\w+)?$|subject_terms$|subjects_unread$")
"""The index of letters is a full-text table on SQLite, and an index on PostgreSQL."""
INDEXES_HERE, INDEXES_THERE = {"subjects_unread_renamed"}, {"subjects_by_letters"}
GENERAL_TYPES = {"INTEGER": "int", "bigint": "int", "BLOB": "bytes", "bytea": "bytes"}


def sqlite_tables(path: Path) -> Tables:
    with closing(sqlite3.connect(path)) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {
            name: {
                # A primary key of INTEGER is never NULL, though SQLite does not say so.
                column: (GENERAL_TYPES.get(kind, "str"), not (required or key))
                for _, column, kind, required, _, key in raw.execute(f"PRAGMA table_info({name})")
            }
            for name in names
        }


def postgresql_tables(url: str) -> Tables:
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    with psycopg.connect(url) as raw:
        for table, column, kind, nullable in raw.execute(
            "SELECT table_name, column_name, data_type, is_nullable = 'YES'"
            " FROM information_schema.columns WHERE table_schema = 'understudy'"
        ):
            found.setdefault(table, {})[column] = (GENERAL_TYPES.get(kind, "str"), nullable)
    return found


def sqlite_indexes(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute("SELECT name FROM sqlite_master WHERE type='index' AND sql IS NOT NULL")
        return {row[0] for row in rows}


def postgresql_indexes(url: str) -> set[str]:
    with psycopg.connect(url) as raw:
        rows = raw.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'understudy'"
            " AND indexname NOT LIKE '%_pkey' AND indexname NOT LIKE '%_key'"
        )
        return {row[0] for row in rows}


def migrate(url: str, migrations: Sequence[Migration] = LOADED) -> None:
    sources = replace(Sources.of(), migrations=migrations)
    with closing(open_database(url, sources=sources)) as database:
        database.migrate()


def schema_of(url: str) -> tuple[Tables, set[str]]:
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return sqlite_tables(path), sqlite_indexes(path)
    return postgresql_tables(url), postgresql_indexes(url)


def run(url: str, statement: str) -> None:
    """Behind our back."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
            raw.execute(statement)
            raw.commit()
    else:
        with psycopg.connect(url) as other:
            other.execute("SET search_path TO understudy")
            other.execute(statement.encode())


def test_both_databases_have_the_same_tables_columns_and_indexes(
    postgres_url: str, tmp_path: Path
) -> None:
    sqlite_url = f"sqlite:///{tmp_path / 'understudy.db'}"
    migrate(postgres_url)
    migrate(sqlite_url)
    here, there = schema_of(sqlite_url), schema_of(postgres_url)
    tables = {name: table for name, table in here[0].items() if not OF_LETTERS.match(name)}
    assert (tables, here[1] - INDEXES_HERE) == (there[0], there[1] - INDEXES_THERE)
    assert here[1] > INDEXES_HERE
    assert there[1] > INDEXES_THERE
    assert "log_entries" in here[0]
    assert "log_entries_by_session" in here[1]


OTHERWISE_CALLED = {
    # The name by which the release before asks for it.
    "actor_as_given": "actor_claims",
    # Not the name by which the release before asked, which knew of no key.
    "token_hash": "token_mac",
    "secret_hash": "secret_mac",
    "previous_secret_hash": "previous_secret_mac",
}
"""Fields whose columns have another name."""


@pytest.mark.parametrize(
    ("table", "codec", "more"),
    [
        ("applications", Codec(Application), set()),
        ("organizations", Codec(Organization), {"folded_name", "folded_text"}),
        ("subjects", Codec(Subject), {"folded_name", "folded_text"}),
        ("operators", Codec(Operator), set()),
        ("operator_sessions", Codec(OperatorSession), set()),
        ("invitations", Codec(Invitation), set()),
        ("sign_in_failures", Codec(SignInFailures), set()),
        ("grants", Codec(Grant, flat=("actor",)), set()),
        ("impersonation_tokens", Codec(ImpersonationToken), set()),
        ("sessions", Codec(Session), set()),
        ("legal_holds", Codec(Hold), set()),
        ("unlocks", Codec(Unlock), set()),
        ("reveals", Codec(Reveal), set()),
        ("consents", Codec(Consent), set()),
        ("consent_requests", Codec(ConsentRequest, flat=("actor",)), set()),
        ("code_tries", Codec(CodeTries), set()),
        ("cases", Codec(Case, flat=("actor",)), set()),
        ("policy_sets", Codec(PolicySet), set()),
        ("approvals", Codec(Approval), set()),
        ("reviews", Codec(Review), set()),
        ("stored_answers", Codec(StoredAnswer), set()),
        ("signing_keys", Codec(SigningKey), set()),
    ],
)
def test_a_table_has_a_column_for_each_field(
    tmp_path: Path, table: str, codec: Codec[object], more: set[str]
) -> None:
    path = tmp_path / "understudy.db"
    migrate(f"sqlite:///{path}")
    columns = set(sqlite_tables(path)[table])
    fields = {OTHERWISE_CALLED.get(name, name) for name in codec.names}
    if table in SEALED:
        fields.add(SEAL)
        sealed = {*SEALED[table].columns, *SEALED[table].later}
        assert sealed == set(codec.names), "say in storage/seals.py: sealed"
    assert columns == fields | more, "a field was added without a migration for its column"


def test_sqlite_tables_are_strict(tmp_path: Path) -> None:
    path = tmp_path / "understudy.db"
    migrate(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as raw:
        loose = raw.execute("SELECT name FROM pragma_table_list WHERE NOT strict").fetchall()
    names = {row[0] for row in loose if not row[0].startswith("sqlite_")}
    assert {name for name in names if not OF_LETTERS.match(name)} == set()
    assert "subjects_unread" not in names


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    run(database_url, "INSERT INTO meta (name, value) VALUES ('a', 'kept')")
    before = schema_of(database_url)
    migrate(database_url)
    assert schema_of(database_url) == before
    with closing(open_database(database_url)) as database, database.reading() as connection:
        assert connection.one("meta_get", {"name": "a"}) == {"value": "kept"}


def test_nodes_that_start_at_once_migrate_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate, [database_url] * 4))
    with closing(open_database(database_url)) as database, database.reading() as connection:
        assert connection.one("meta_get", {"name": "a"}) is None


def test_a_database_of_a_newer_version_is_refused(database_url: str) -> None:
    migrate(database_url)
    run(database_url, "INSERT INTO schema_migrations (number, name) VALUES (9999, 'future')")
    with pytest.raises(errors.SchemaMismatch) as caught:
        migrate(database_url)
    assert caught.value.internal == "the database has migration 9999, future"


def test_a_failed_migration_leaves_nothing(database_url: str) -> None:
    migrate(database_url)
    before = schema_of(database_url)
    broken = from_sql(
        len(LOADED) + 1,
        "broken",
        "CREATE TABLE half (id {bigint});\nCREATE TABLE half (id {bigint});\n",
    )
    with refusal_of(errors.Unavailable, "unavailable"):
        migrate(database_url, (*LOADED, broken))
    assert schema_of(database_url) == before


def asked(url: str, statement: str) -> list[object]:
    """The first column, behind our back."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
            return [row[0] for row in raw.execute(statement)]
    with psycopg.connect(url) as other:
        other.execute("SET search_path TO understudy")
        return [row[0] for row in other.execute(statement.encode())]


def test_each_step_of_the_way_up_is_taken_from_where_the_database_is(database_url: str) -> None:
    """An upgrade one release at a time ends where a fresh install begins."""
    for count in range(1, len(LOADED) + 1):
        migrate(database_url, LOADED[:count])
    step_by_step = schema_of(database_url)
    next_step = from_sql(len(LOADED) + 1, "more", "ALTER TABLE meta ADD COLUMN more {text};\n")
    migrate(database_url, (*LOADED, next_step))
    tables, indexes = schema_of(database_url)
    assert tables["meta"]["more"] == ("str", True)
    assert indexes == step_by_step[1]
    assert {**tables, "meta": step_by_step[0]["meta"]} == step_by_step[0]


def test_what_the_first_release_stored_is_read_after_the_upgrade(database_url: str) -> None:
    migrate(database_url, LOADED[:1])
    run(
        database_url,
        "INSERT INTO applications (id, name, vertical, status, settings, secret_hash, created_at,"
        f" updated_at) VALUES ('app_1', 'Acme', 'b2b', 'active', '{{}}', {BLOB[database_url[:6]]},"
        " 0, 0)",
    )
    key_check = f"INSERT INTO meta VALUES ('installation_key_check', '{VAULT.key_check()}')"
    run(database_url, key_check)
    run(
        database_url,
        "INSERT INTO subjects (application_id, id, ref, roles, protected, status, created_at,"
        " updated_at, folded_name, folded_text)"
        " VALUES ('app_1', 'user', 'sub_1', '[]', 0, 'active', 0, 0, '', 'user')",
    )
    with closing(open_database(database_url)) as database:
        database.migrate(vault=VAULT)
        with database.reading() as connection:
            store = read_from(connection, VAULT)
            application, subject = (
                store.applications.get("app_1"),
                store.subjects.get("app_1", SubjectId("user")),
            )
    assert application is not None
    assert application.settings == ApplicationSettings()
    assert subject is not None
    assert (subject.external_id, subject.extra) == (None, {})


def test_who_was_saved_before_is_found_without_accents_after_the_upgrade(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = [migration for migration in LOADED if migration.number < 10]
    (filling,) = (migration for migration in LOADED if migration.number == 10)
    migrate(database_url, earlier)
    run(
        database_url,
        "INSERT INTO applications (id, name, vertical, status, settings, secret_mac, created_at,"
        f" updated_at) VALUES ('app_1', 'Acme', 'b2b', 'active', '{{}}', {BLOB[database_url[:6]]},"
        " 0, 0)",
    )
    names = ["zoë łuk", "ada", "日本", "zoë roe", "éva"]
    for number, name in enumerate(names):
        run(
            database_url,
            "INSERT INTO subjects (application_id, id, ref, roles, protected, status, created_at,"
            f" updated_at, folded_name, folded_text) VALUES ('app_1', '{number}', 'sub_{number}',"
            f" '[]', 0, 'active', 0, 0, '{name}', '{number}\n{name}')",
        )
    run(
        database_url,
        "INSERT INTO organizations (application_id, id, ref, name, status, created_at, updated_at,"
        " folded_name, folded_text) VALUES ('app_1', 'org', 'org_1', 'Café', 'active', 0, 0,"
        " 'café', 'org\ncafé')",
    )
    (slices,) = filling.online
    assert isinstance(slices, Fill)
    monkeypatch.setitem(slices.slice.__globals__, "_SLICE", 2)
    migrate(database_url, [*earlier, filling])
    like = "SELECT id FROM {} WHERE folded_text LIKE '{}' ORDER BY id"
    assert asked(database_url, like.format("subjects", "%zoe%")) == ["0", "3"]
    assert asked(database_url, like.format("subjects", "%zoë%luk%")) == ["0"]
    assert asked(database_url, like.format("organizations", "%cafe%")) == ["org"]
    texts = asked(database_url, "SELECT folded_text FROM subjects ORDER BY id")
    assert texts[:3] == ["0\nzoë łuk\nzoe luk\n", "1\nada", "2\n日本\n"]


def runs(database: Database, query: statements.Query) -> bool:
    """With NULL for nearly every parameter, which no unknown table or column survives."""
    params = {
        name: 1 if name in ("limit", "offset", "looked_at") else None for name in query.parameters
    }
    try:
        with database.writing() as transaction:
            transaction.all(query.name, params)
    except errors.Unavailable as error:
        # What is required is missing; the statement itself was understood.
        return str(error.internal).startswith(("SQLITE_CONSTRAINT_NOTNULL", "23502"))
    return True


def test_every_query_is_understood_by_both_databases(database: Database) -> None:
    assert [name for name, query in statements.load().items() if not runs(database, query)] == []
