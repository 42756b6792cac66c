"""Grants and impersonation tokens on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.storage.make import MINUTE, NOW, application, grant, token, undone
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import ActorRef, GrantId, SubjectRef
from understudy.core.impersonation.grants import Grant, GrantStatus
from understudy.core.ports import GrantFilter, Page
from understudy.core.times import to_ms
from understudy.storage.database.connection import Database
from understudy.storage.tables.reader import StoreTables


def ids(store: StoreTables, **where: object) -> list[str]:
    return [one.id for one in store.grants.search(GrantFilter(**where))]  # type: ignore[arg-type]


def fill(store: StoreTables) -> list[Grant]:
    """One grant for each status, from the oldest to the youngest."""
    made = [
        grant(id=f"grt_{status}", status=status, created_at=NOW + number * MINUTE)
        for number, status in enumerate(GrantStatus, start=1)
    ]
    for one in made:
        store.grants.add(one)
    return [grant(), *made]


def test_a_grant_is_added_once(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.AlreadyExists, "already_exists"):
        store.grants.add(grant())


def test_a_grants_origin_is_kept_as_it_was_drawn(shared_database: Database) -> None:
    own = grant(id=GrantId("grt_own"), origin="https://understudy-a.view.app.example")
    with undone(shared_database) as store:
        store.grants.add(own)
        armed = replace(own, armed_for="ops_1", origin=None)
        store.grants.save(replace(armed, origin=own.origin))
        assert store.grants.get(own.id) == replace(own, armed_for="ops_1")
        assert store.grants.search(GrantFilter())[-1].origin is None


def test_a_grant_that_was_never_added_cannot_be_saved(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.NotFound, "not_found"):
        store.grants.save(grant(id="grt_2"))


def test_grants_are_found_newest_first(shared_database: Database) -> None:
    with undone(shared_database) as store:
        made = fill(store)
        assert list(store.grants.search(GrantFilter())) == made[::-1]


@pytest.mark.parametrize("limit", [1, 3, 8, 50])
@pytest.mark.parametrize("where", [GrantFilter(), GrantFilter(subject_ref=SubjectRef("sub_user"))])
def test_pages_of_grants_are_complete_and_in_order(
    shared_database: Database, limit: int, where: GrantFilter
) -> None:
    with undone(shared_database) as store:
        made = fill(store)
        for one in made[1:]:
            # Others of the same millisecond: the id decides.
            twin = replace(one, id=GrantId(f"{one.id}_twin"))
            store.grants.add(twin)
            made.append(twin)
        seen: list[Grant] = []
        after: tuple[str, ...] | None = None
        while page := store.grants.search(where, Page(limit=limit, after=after)):
            seen += page
            after = (str(to_ms(page[-1].created_at)), page[-1].id)
        assert seen == sorted(made, key=lambda one: (one.created_at, one.id), reverse=True)


@pytest.mark.parametrize("status", GrantStatus)
def test_grants_are_found_by_one_status(shared_database: Database, status: GrantStatus) -> None:
    with undone(shared_database) as store:
        fill(store)
        expected = [f"grt_{status}"] + ["grt_1"] * (status is GrantStatus.READY)
        assert ids(store, statuses=frozenset({status})) == expected


def test_grants_are_found_by_several_statuses(shared_database: Database) -> None:
    with undone(shared_database) as store:
        fill(store)
        some = frozenset({GrantStatus.PENDING, GrantStatus.DENIED})
        assert ids(store, statuses=some) == ["grt_denied", "grt_pending"]


def test_grants_are_found_by_whom_they_concern(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.applications.add(application(id="app_2"))
        other = grant().actor
        store.grants.add(grant(id="grt_2", application_id="app_2"))
        store.grants.add(grant(id="grt_3", actor=replace(other, ref=ActorRef("opr_2"))))
        store.grants.add(grant(id="grt_4", subject_ref="sub_2"))
        assert ids(store, application_id="app_2") == ["grt_2"]
        assert ids(store, actor_ref="opr_2") == ["grt_3"]
        assert ids(store, subject_ref="sub_2") == ["grt_4"]
        assert ids(store, application_id="app_1", actor_ref="opr_1") == ["grt_4", "grt_1"]
        assert ids(store, application_id="app_2", subject_ref="sub_2") == []
        ready = frozenset({GrantStatus.READY})
        assert ids(store, subject_ref="sub_2", actor_ref="opr_1", statuses=ready) == ["grt_4"]


def test_only_open_grants_expire_and_in_their_very_millisecond(shared_database: Database) -> None:
    with undone(shared_database) as store:
        fill(store)
        ends = grant().expires_at
        assert list(store.grants.expired(ends - MINUTE / 60_000, 50)) == []
        found = [one.id for one in store.grants.expired(ends, 50)]
        assert found == ["grt_1", "grt_pending", "grt_ready"]
        assert len(store.grants.expired(ends, 2)) == 2


@pytest.mark.parametrize("after", [("not a number", "grt_1"), ("1",)])
def test_a_position_of_the_wrong_shape_is_refused(
    shared_database: Database, after: tuple[str, ...]
) -> None:
    with undone(shared_database) as store, refusal_of(errors.InvalidInput, "invalid_input"):
        store.grants.search(GrantFilter(), Page(after=after))


def test_a_token_is_added_once(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.impersonation_tokens.add(token())
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.impersonation_tokens.add(token(session_id="ses_1"))


def test_a_token_of_no_grant_cannot_be_added(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.Unavailable, "unavailable"):
        store.impersonation_tokens.add(token(grant_id="grt_2"))


def test_tokens_that_expired_before_a_moment_are_removed(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.impersonation_tokens.add(token())
        ends = token().expires_at
        assert store.impersonation_tokens.remove_expired(ends) == 0
        assert store.impersonation_tokens.remove_expired(ends + MINUTE) == 1
        assert store.impersonation_tokens.by_hash(bytes(32)) is None
