"""Who is found as somebody types, by an index of letters, on both databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage.make import application, subject, undone
from tests.fixtures.vault import VAULT
from understudy.core.ids import OrganizationId
from understudy.core.people.principals import Status, Subject
from understudy.core.ports import Page, SubjectFilter
from understudy.storage.database.connection import Database
from understudy.storage.database.databases import open_database
from understudy.storage.tables import directory
from understudy.storage.tables.folding import fold, searchable, words_of
from understudy.storage.tables.reader import StoreTables, read_from

LETTERS = "abZé'\"\\%_! ł-日"


@pytest.fixture
def by_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is found by a walk, which few people never go beyond."""
    monkeypatch.setattr(directory, "LOOKED_AT", 0)
    monkeypatch.setattr(directory, "PAGES_LOOKED_AT", 0)


def means(words: Sequence[str], one: Subject) -> bool:
    """What a search promises, said plainly."""
    text = searchable(one.id, one.email, one.name)
    return all(word in text for word in words)


def pages(store: StoreTables, where: SubjectFilter, limit: int) -> Iterator[Subject]:
    after = None
    while page := store.subjects.search(where, Page(limit=limit, after=after)):
        yield from page
        after = (fold(page[-1].name or ""), page[-1].id)


def save(database: Database, *people: Subject) -> None:
    with database.writing() as transaction:
        store = StoreTables(transaction, VAULT)
        if store.applications.get("app_1") is None:
            store.applications.add(application())
        for one in people:
            store.subjects.save(one)


def found(database: Database, query: str) -> list[str]:
    with database.reading() as connection:
        where = SubjectFilter(application_id="app_1", query=query)
        return [one.id for one in read_from(connection, VAULT).subjects.search(where)]


def behind_our_back(url: str, statement: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw, raw:
            raw.execute(statement)
    else:
        with psycopg.connect(url) as other:
            other.execute("SET search_path TO understudy")
            other.execute(statement.encode())


@pytest.mark.usefixtures("by_letters")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(st.text(LETTERS, max_size=9), min_size=1, max_size=8),
    query=st.text(LETTERS, max_size=7),
    limit=st.integers(1, 4),
)
def test_the_index_finds_whom_a_look_at_everybody_finds(
    shared_database: Database, names: list[str], query: str, limit: int
) -> None:
    people = [
        subject(application_id="app_s", id=f"p{number}", ref=f"sub_s{number}", name=name)
        for number, name in enumerate(names)
    ]
    gone = subject(id="gone", ref="sub_gone", name=names[0], status=Status.DELETED)
    people.append(replace(gone, application_id="app_s"))
    with undone(shared_database) as store:
        store.applications.add(application(id="app_s", secret_hash=b"s" * 32))
        for one in people:
            store.subjects.save(one)
        where = SubjectFilter(application_id="app_s", query=query)
        meant = [one for one in people[:-1] if means(words_of(query), one)]
        meant.sort(key=lambda one: (fold(one.name or ""), one.id))
        assert [one.id for one in pages(store, where, limit)] == [one.id for one in meant]


@pytest.mark.usefixtures("by_letters")
@pytest.mark.parametrize("query", ["ada", "ad", "a", "a lov", "LOVE  AD", "l ad", "ce", "e.ex"])
def test_short_words_and_several_are_found_by_letters(database: Database, query: str) -> None:
    save(
        database,
        subject(id="1", ref="sub_1", email="ada@love.example", name="Ada Lovelace"),
        subject(id="2", ref="sub_2", email=None, name="Bob"),
    )
    assert found(database, query) == ["1"]


@pytest.mark.usefixtures("by_letters")
def test_whoever_was_just_written_is_found_and_nobody_by_an_old_name(database: Database) -> None:
    save(database, subject(id="1", ref="sub_1", email=None, name="Ada"))
    assert found(database, "ada") == ["1"]
    save(database, subject(id="1", ref="sub_1", email=None, name="Grace"))
    assert [found(database, query) for query in ("ada", "rac", "ce")] == [[], ["1"], ["1"]]
    save(database, subject(id="1", ref="sub_1", email=None, name=None, status=Status.DELETED))
    assert found(database, "rac") == []


@pytest.mark.usefixtures("by_letters")
def test_what_an_older_node_writes_is_found(database: Database, made_url: str) -> None:
    save(database, subject(id="2", ref="sub_2", email=None, name="Bob"))
    # Whoever waits is found without the index: so many do not.
    save(database, *(subject(id=f"p{number}") for number in range(1_100)))
    behind_our_back(
        made_url, "UPDATE subjects SET folded_text = '2\nby an older node' WHERE id = '2'"
    )
    assert (found(database, "older nod"), found(database, "bob")) == (["2"], [])


@pytest.mark.usefixtures("by_letters")
@pytest.mark.parametrize("organization", ["org", None])
def test_other_filters_hold_as_well(database: Database, organization: str | None) -> None:
    save(
        database,
        subject(id="1", ref="sub_1", name="Ada", organization_id=organization),
        subject(id="2", ref="sub_2", name="Ada", organization_id="other"),
        subject(id="3", ref="sub_3", name="Ada", organization_id="org", status=Status.DISABLED),
    )
    where = SubjectFilter(
        application_id="app_1",
        query="ada",
        organization_id=OrganizationId("org"),
        statuses=frozenset({Status.ACTIVE}),
    )
    with database.reading() as connection:
        rows = read_from(connection, VAULT).subjects.search(where)
    assert [one.id for one in rows] == (["1"] if organization else [])


def test_searches_behind_an_import_do_not_walk_through_all_of_it(postgres_url: str) -> None:
    """PostgreSQL keeps what its index has not taken in yet on pages that each search reads."""
    with closing(open_database(postgres_url)) as database:
        database.migrate()
        for start in range(0, 1_000, 200):
            numbers = range(start, start + 200)
            save(
                database, *(subject(id=f"u{one}", name=f"Somebody {one * 7919}") for one in numbers)
            )
    with psycopg.connect(postgres_url) as other:
        other.execute("SET search_path TO understudy")
        waiting = other.execute("SELECT gin_clean_pending_list('subjects_by_letters')").fetchone()
    # Of 8 KB each: a first one above the limit makes it take them in.
    assert waiting is not None
    assert waiting[0] <= 64 // 8 + 1
