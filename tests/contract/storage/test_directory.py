"""Applications, organizations and subjects on both databases."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.contract.storage.make import application, organization, subject, undone
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import OrganizationId, SubjectId
from understudy.core.people.principals import Status, Subject
from understudy.core.ports import Page, SubjectFilter
from understudy.storage.database.connection import Database
from understudy.storage.tables.folding import fold
from understudy.storage.tables.reader import StoreTables

EVERYBODY = SubjectFilter(application_id="app_1")


def found(store: StoreTables, query: str) -> list[str]:
    where = SubjectFilter(application_id="app_1", query=query)
    assert store.subjects.count(where) == len(store.subjects.search(where))
    return [subject.id for subject in store.subjects.search(where)]


def every_page(store: StoreTables, limit: int) -> Sequence[Subject]:
    seen: list[Subject] = []
    while page := store.subjects.search(EVERYBODY, Page(limit=limit, after=_key(seen))):
        assert len(page) <= limit
        seen += page
    return seen


def _key(seen: list[Subject]) -> tuple[str, ...] | None:
    return (fold(seen[-1].name or ""), seen[-1].id) if seen else None


def test_what_is_unknown_is_none(shared_database: Database) -> None:
    with undone(shared_database) as store:
        assert store.applications.get("app_2") is None
        assert store.organizations.get("app_1", OrganizationId("org")) is None
        assert store.subjects.get("app_1", SubjectId("user")) is None


def test_an_application_is_added_once(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.AlreadyExists, "already_exists"):
        store.applications.add(application(name="Another"))


def test_an_application_that_was_never_added_cannot_be_saved(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.NotFound, "not_found"):
        store.applications.save(application(id="app_2"))


def test_the_ids_are_those_of_whoever_is_there(shared_database: Database) -> None:
    with undone(shared_database) as store:
        before = [*store.subjects.ids("app_1")]
        store.subjects.save(subject(id="zz", ref="sub_zz", status=Status.DISABLED))
        store.subjects.save(subject(id="aa", ref="sub_aa", status=Status.DELETED))
        assert store.subjects.ids("app_1") == sorted([*before, "zz"])
        assert store.subjects.ids("app_2") == []


def test_applications_are_listed_by_name(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.applications.add(application(id="app_2", name="Zebra"))
        store.applications.add(application(id="app_3", name="Aardvark"))
        assert [one.name for one in store.applications.list()] == ["Aardvark", "Acme", "Zebra"]


def test_one_id_may_name_a_subject_in_each_application(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.applications.add(application(id="app_2"))
        here, there = subject(ref="sub_1"), subject(application_id="app_2", ref="sub_2")
        store.subjects.save(here)
        store.subjects.save(there)
        assert store.subjects.get("app_1", SubjectId("user")) == here
        assert store.subjects.get("app_2", SubjectId("user")) == there
        assert list(store.subjects.search(EVERYBODY)) == [here]


def test_a_ref_names_one_subject_only(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="one", ref="sub_1"))
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.subjects.save(subject(id="two", ref="sub_1"))


def test_a_subject_of_an_unknown_application_cannot_be_saved(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.Unavailable, "unavailable"):
        store.subjects.save(subject(application_id="app_2"))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_of_subjects_are_complete_and_in_order(shared_database: Database, limit: int) -> None:
    names = [
        "Zoë",
        "ada",
        "Ada",
        None,
        "Éva",
        "ADA",
        "",
        "eva",
        "\U0001f600",
        "\uff26\uff35\uff2c\uff2c",
        "\uffee",
    ]
    made = [subject(id=f"user-{number}", name=name) for number, name in enumerate(names)]
    with undone(shared_database) as store:
        for one in made:
            store.subjects.save(one)
        expected = sorted(made, key=lambda one: (fold(one.name or "").encode(), one.id))
        assert every_page(store, limit) == expected


def test_a_subject_added_while_paging_moves_nobody(shared_database: Database) -> None:
    with undone(shared_database) as store:
        for name in ("b", "d", "f"):
            store.subjects.save(subject(id=name, name=name))
        first = store.subjects.search(EVERYBODY, Page(limit=2))
        store.subjects.save(subject(id="a", name="a"))
        second = store.subjects.search(EVERYBODY, Page(limit=2, after=_key([*first])))
        assert [one.id for one in [*first, *second]] == ["b", "d", "f"]


@pytest.mark.parametrize("query", ["müller", "MÜLLER", "mu\u0308ller", "\uff2dÜLL", "  Müller "])
def test_a_search_minds_neither_case_nor_form(shared_database: Database, query: str) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="one", name="Anna Müller"))
        store.subjects.save(subject(id="two", name="Anna Meier"))
        assert found(store, query) == ["one"]


@pytest.mark.parametrize(
    "query",
    [
        "zoë łukasz",
        "zoe lukasz",
        "LUKASZ ZOE",
        "Łukasz  Zoë",
        " zoe \t lukasz ",
        "luk zo",
        "zoe acme.example",
        "zoe.l",
        "zo",
        "ł",
    ],
)
def test_a_search_minds_neither_accents_nor_blanks_nor_the_order_of_words(
    shared_database: Database, query: str
) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="one", name="Zoë  Łukasz", email="zoë.l@acme.example"))
        store.subjects.save(subject(id="two", name="Łuk Roe", email="l@acme.org"))
        assert found(store, query) == (["one", "two"] if query == "ł" else ["one"])


def test_organizations_are_found_in_the_same_way(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.organizations.save(organization(id="org", name="Café  Größe"))
        for query in ("grosse cafe", "CAFÉ größe", "org"):
            assert [one.id for one in store.organizations.search("app_1", query=query)] == ["org"]
        assert store.organizations.search("app_1", query="cafe tee") == []


def test_a_search_looks_into_id_and_email_and_name(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="Needle-1"))
        store.subjects.save(subject(id="two", email="the.needle@example.com"))
        store.subjects.save(subject(id="three", name="Ned Eedle-Needle"))
        store.subjects.save(subject(id="four", name="Hay", email="hay@example.com"))
        assert sorted(found(store, "NEEDLE")) == ["Needle-1", "three", "two"]


@pytest.mark.parametrize("query", ["%", "_", "!", "100%", "a_b", "!%", "\\"])
def test_wildcards_in_a_search_mean_themselves(shared_database: Database, query: str) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="plain", name="100 aXb"))
        store.subjects.save(subject(id="special", name="!% 100% a_b \\"))
        assert found(store, query) == ["special"]


def test_a_search_never_spans_two_columns(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(id="one", email="two"))
        assert found(store, "onetwo") == []
        assert found(store, "et") == []
        assert found(store, "two\none") == ["one"]


def test_deleted_subjects_are_not_found_but_known(shared_database: Database) -> None:
    gone = subject(name="Gone", status=Status.DELETED)
    with undone(shared_database) as store:
        store.subjects.save(gone)
        assert found(store, "") == []
        assert store.subjects.get("app_1", SubjectId("user")) == gone


def test_subjects_are_found_within_one_organization(shared_database: Database) -> None:
    where = SubjectFilter(
        application_id="app_1", organization_id=OrganizationId("globex"), query="an"
    )
    with undone(shared_database) as store:
        store.subjects.save(subject(id="one", name="Anna", organization_id="globex"))
        store.subjects.save(subject(id="two", name="Anna", organization_id="initech"))
        store.subjects.save(subject(id="three", name="Bob", organization_id="globex"))
        assert [one.id for one in store.subjects.search(where)] == ["one"]
        assert store.subjects.count(where) == 1


def test_a_changed_name_is_found_under_the_new_name_only(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.subjects.save(subject(name="Before"))
        store.subjects.save(subject(name="After"))
        assert found(store, "before") == []
        assert found(store, "after") == ["user"]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_pages_of_organizations_are_complete_and_in_order(
    shared_database: Database, limit: int
) -> None:
    with undone(shared_database) as store:
        made = [organization(id=name, name=name.upper()) for name in ("c", "a", "d", "b")]
        for one in [*made, organization(id="x", name="A", status=Status.DELETED)]:
            store.organizations.save(one)
        seen: list[str] = []
        after: tuple[str, ...] | None = None
        while page := store.organizations.search("app_1", page=Page(limit=limit, after=after)):
            seen += [one.id for one in page]
            after = (fold(page[-1].name), page[-1].id)
        assert seen == ["a", "b", "c", "d"]


def test_organizations_are_found_by_id_and_name(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.organizations.save(organization(id="globex", name="Springfield Works"))
        store.organizations.save(organization(id="initech", name="Initech"))
        for query in ("GLOB", "works"):
            (one,) = store.organizations.search("app_1", query=query)
            assert one.id == "globex"


@pytest.mark.parametrize("after", [("only one",), ("a", "b", "c"), ()])
def test_a_position_of_the_wrong_shape_is_refused(
    shared_database: Database, after: tuple[str, ...]
) -> None:
    with undone(shared_database) as store, refusal_of(errors.InvalidInput, "invalid_input"):
        store.subjects.search(EVERYBODY, Page(after=after))


def test_subjects_are_counted_by_the_roles_they_hold(shared_database: Database) -> None:
    with undone(shared_database) as store:
        for number, roles in enumerate([("a",), ("b", "a"), ("a",), ()]):
            store.subjects.save(
                subject(id=SubjectId(f"s{number}"), ref=f"sub_held_{number}", roles=roles)
            )
        gone = subject(
            id=SubjectId("gone"), ref="sub_held_gone", roles=("a",), status=Status.DELETED
        )
        store.subjects.save(gone)
        held = [(one.roles, one.users) for one in store.subjects.held_roles("app_1")]
    assert held[0] == (("a",), 2)
    assert sorted(held) == [((), 1), (("a",), 2), (("b", "a"), 1)]
