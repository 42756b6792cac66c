"""What is found by slug, further id, e-mail, secret or number, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.storage.make import NOW, application, organization, subject, undone
from understudy.core.people.principals import Status
from understudy.core.ports import SubjectFilter, SubjectOrder
from understudy.storage.database.connection import Database
from understudy.storage.tables.reader import StoreTables

EVERYBODY = SubjectFilter(application_id="app_1")


def fill(store: StoreTables) -> None:
    """Five subjects, a second apart."""
    for number in range(5):
        store.subjects.save(
            subject(
                id=f"user-{number}",
                ref=f"sub_{number}",
                email=f"user-{number}@example.com",
                external_id=f"ext-{number}",
                status=Status.DISABLED if number == 1 else Status.ACTIVE,
                created_at=NOW + timedelta(seconds=number),
            )
        )


def ids(store: StoreTables, order: SubjectOrder, *, offset: int = 0, limit: int = 9) -> str:
    found = store.subjects.window(EVERYBODY, order=order, offset=offset, limit=limit)
    return "".join(one.id[-1] for one in found)


def test_an_organization_is_found_by_its_further_names_while_it_exists(
    shared_database: Database,
) -> None:
    with undone(shared_database) as store:
        there = organization(id="org-9", ref="org_9", slug="blue-heron", external_id="x-1")
        store.organizations.save(there)
        assert store.organizations.by_slug("app_1", "blue-heron") == there
        assert store.organizations.by_external_id("app_1", "x-1") == there
        assert store.organizations.by_slug("app_2", "blue-heron") is None
        assert store.organizations.by_external_id("app_1", "blue-heron") is None
        store.organizations.save(
            organization(
                id="org-9", ref="org_9", slug="blue-heron", external_id="x-1", status=Status.DELETED
            )
        )
        assert store.organizations.by_slug("app_1", "blue-heron") is None
        assert store.organizations.by_external_id("app_1", "x-1") is None


def test_an_application_is_found_by_its_secret_and_by_the_one_before(
    shared_database: Database,
) -> None:
    with undone(shared_database) as store:
        present, previous = b"p" * 32, b"q" * 32
        store.applications.add(
            application(id="app_2", secret_hash=present, previous_secret_hash=previous)
        )
        for secret_hash in (present, previous):
            found = store.applications.by_secret_hash(secret_hash)
            assert found is not None
            assert found.id == "app_2"
        assert store.applications.by_secret_hash(b"z" * 32) is None


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"ids": frozenset({"user-0", "user-3", "nobody"})}, "03"),
        ({"emails": frozenset({"user-2@example.com"})}, "2"),
        ({"external_ids": frozenset({"ext-4", "user-1"})}, "4"),
        ({"statuses": frozenset({Status.DISABLED})}, "1"),
        ({"ids": frozenset({"user-1", "user-2"}), "statuses": frozenset({Status.ACTIVE})}, "2"),
    ],
)
def test_subjects_are_found_by_any_of_several(
    shared_database: Database, where: dict[str, frozenset[str]], found: str
) -> None:
    with undone(shared_database) as store:
        fill(store)
        by = SubjectFilter(application_id="app_1", **where)  # type: ignore[arg-type]
        order = SubjectOrder.OLDEST_FIRST
        window = store.subjects.window(by, order=order, offset=0, limit=9)
        assert "".join(one.id[-1] for one in window) == found
        assert {one.id for one in store.subjects.search(by)} == {one.id for one in window}
        assert store.subjects.count(by) == len(found)


def test_a_window_is_cut_by_number(shared_database: Database) -> None:
    with undone(shared_database) as store:
        fill(store)
        assert ids(store, SubjectOrder.OLDEST_FIRST) == "01234"
        assert ids(store, SubjectOrder.NEWEST_FIRST) == "43210"
        assert ids(store, SubjectOrder.NEWEST_FIRST, offset=1, limit=2) == "32"
        assert ids(store, SubjectOrder.OLDEST_FIRST, offset=5) == ""
