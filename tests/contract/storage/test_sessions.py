"""Impersonation sessions on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.storage.make import MINUTE, NOW, application, grant, session, undone
from tests.fixtures.endings import ending
from tests.fixtures.refusals import refusal_of
from tests.fixtures.vault import VAULT
from understudy import errors
from understudy.core.ids import SessionId
from understudy.core.impersonation.sessions import EndCause, Session
from understudy.core.ports import Page, SessionFilter, SessionState
from understudy.core.times import to_ms
from understudy.storage.database.connection import Database
from understudy.storage.endings.in_force import EndingsInForce
from understudy.storage.tables.reader import StoreTables
from understudy.storage.tables.sessions import SessionTable

OVER = {"ended_at": NOW + MINUTE, "end_cause": EndCause.REVOKED}
MILLISECOND = timedelta(milliseconds=1)


def ids(store: StoreTables, **where: object) -> list[str]:
    return [one.id for one in store.sessions.search(SessionFilter(**where))]  # type: ignore[arg-type]


def live(store: StoreTables, **where: object) -> list[str]:
    return [one.id for one in store.sessions.live(SessionFilter(**where))]  # type: ignore[arg-type]


def add(store: StoreTables, number: int, **changes: object) -> Session:
    """A session with a grant of its own, a minute after the one before it."""
    made_grant = grant(id=f"grt_{number}")
    if number != 1:
        store.grants.add(made_grant)
    started = NOW + number * MINUTE
    made = session(
        id=f"ses_{number}",
        grant_id=made_grant.id,
        started_at=started,
        ends_at=started + 30 * MINUTE,
        last_active_at=started,
    )
    changed = session(**({name: getattr(made, name) for name in vars(made)} | changes))
    store.sessions.add(changed)
    return changed


def test_a_session_is_found_by_the_hash_of_its_token(shared_database: Database) -> None:
    with undone(shared_database) as store:
        made = add(store, 1)
        assert store.sessions.by_token_hash(made.token_hash) == made
        assert store.sessions.by_token_hash(bytes(32)) is None


def test_a_grant_has_one_live_session_but_many_that_are_over(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.sessions.add(session(**OVER))
        store.sessions.add(session(id="ses_2", **OVER))
        store.sessions.add(session(id="ses_3"))
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.sessions.add(session(id="ses_4"))


def test_live_sessions_are_counted(shared_database: Database) -> None:
    with undone(shared_database) as store:
        assert store.sessions.count_live() == 0
        store.sessions.add(session(**OVER))
        store.sessions.add(session(id="ses_2"))
        assert store.sessions.count_live() == 1


def test_a_session_longer_than_an_hour_cannot_be_stored(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.Unavailable, "unavailable"):
        store.sessions.add(session(ends_at=NOW + 60 * MINUTE + MILLISECOND))


def test_a_session_cannot_be_over_without_a_cause(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.Unavailable, "unavailable"):
        store.sessions.add(session(ended_at=NOW))


def test_a_session_that_was_never_added_cannot_be_saved(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.NotFound, "not_found"):
        store.sessions.save(session())


def test_sessions_are_found_by_state(shared_database: Database) -> None:
    with undone(shared_database) as store:
        for number in range(1, 5):
            add(store, number, **(OVER if number % 2 else {}))
        assert ids(store) == ["ses_4", "ses_3", "ses_2", "ses_1"]
        assert ids(store, state=SessionState.LIVE) == ["ses_4", "ses_2"]
        assert ids(store, state=SessionState.OVER) == ["ses_3", "ses_1"]
        assert live(store) == ["ses_2", "ses_4"]
        assert live(store, state=SessionState.OVER) == []


def test_sessions_are_found_by_whom_they_concern(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.applications.add(application(id="app_2"))
        add(store, 1)
        add(store, 2, application_id="app_2")
        add(store, 3, actor_ref="opr_2")
        add(store, 4, subject_ref="sub_2")
        add(store, 5, organization_ref="org_1", **OVER)
        for where, expected in [
            ({"application_id": "app_2"}, ["ses_2"]),
            ({"actor_ref": "opr_2"}, ["ses_3"]),
            ({"subject_ref": "sub_2"}, ["ses_4"]),
            ({"grant_id": "grt_1"}, ["ses_1"]),
            ({"subject_ref": "sub_2", "actor_ref": "opr_1"}, ["ses_4"]),
            ({"subject_ref": "sub_2", "actor_ref": "opr_2"}, []),
            ({"application_id": "app_2", "grant_id": "grt_1"}, []),
        ]:
            assert ids(store, **where) == expected
            assert ids(store, state=SessionState.LIVE, **where) == expected
            assert live(store, **where) == expected
        assert ids(store, organization_ref="org_1") == ["ses_5"]
        assert ids(store, organization_ref="org_1", state=SessionState.LIVE) == []


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
@pytest.mark.parametrize("state", [None, SessionState.LIVE])
def test_pages_of_sessions_are_complete_and_in_order(
    shared_database: Database, limit: int, state: SessionState | None
) -> None:
    with undone(shared_database) as store:
        made = [add(store, number, started_at=NOW, last_active_at=NOW) for number in range(1, 6)]
        seen: list[Session] = []
        after: tuple[str, ...] | None = None
        while page := store.sessions.search(
            SessionFilter(state=state), Page(limit=limit, after=after)
        ):
            seen += page
            after = (str(to_ms(page[-1].started_at)), page[-1].id)
        assert seen == made[::-1]


def test_a_session_is_due_in_the_millisecond_of_its_end(shared_database: Database) -> None:
    with undone(shared_database) as store:
        made = add(store, 1, idle_limit=60 * MINUTE)
        assert list(store.sessions.due(made.ends_at - MILLISECOND, 10)) == []
        assert list(store.sessions.due(made.ends_at, 10)) == [made]


def test_a_session_is_due_in_the_millisecond_of_its_idle_end(shared_database: Database) -> None:
    with undone(shared_database) as store:
        made = add(store, 1)
        assert list(store.sessions.due(made.idle_at - MILLISECOND, 10)) == []
        assert list(store.sessions.due(made.idle_at, 10)) == [made]


def test_a_session_that_is_over_is_never_due(shared_database: Database) -> None:
    with undone(shared_database) as store:
        add(store, 1, **OVER)
        assert list(store.sessions.due(NOW + 600 * MINUTE, 10)) == []


def test_due_sessions_come_oldest_first_and_not_too_many(shared_database: Database) -> None:
    with undone(shared_database) as store:
        made = [add(store, number) for number in range(1, 4)]
        assert list(store.sessions.due(NOW + 600 * MINUTE, 2)) == made[:2]


def test_activity_moves_forwards_only(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.sessions.add(session())
        store.sessions.touch(SessionId("ses_1"), NOW + MINUTE)
        store.sessions.touch(SessionId("ses_1"), NOW)
        assert store.sessions.get(SessionId("ses_1")) == session(last_active_at=NOW + MINUTE)


def test_what_an_ending_covers_is_over_wherever_sessions_are_read(
    shared_database: Database,
) -> None:
    in_force = EndingsInForce()
    with undone(shared_database) as plain:
        made = [add(plain, number) for number in (1, 2, 3)]
        store = SessionTable(plain.sessions._db, VAULT, in_force)
        told = ending(ref="ses_2", at=NOW + 5 * MINUTE)
        in_force.add([told])
        over = told.over(made[1])
        assert store.get(SessionId("ses_2")) == over
        assert store.by_token_hash(made[1].token_hash) == over
        assert store.stored(SessionId("ses_2")) == made[1]
        assert [one.id for one in store.live(SessionFilter())] == ["ses_1", "ses_3"]
        assert len(store.stored_live(SessionFilter())) == 3
        assert store.count_live() == 2
        assert [one.id for one in store.due(NOW + 61 * MINUTE, 1)] == ["ses_1"]
        assert len(store.due(NOW + 61 * MINUTE, 9)) == 2


@pytest.mark.parametrize("state", [None, *SessionState])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_are_complete_and_in_order_while_endings_are_in_force(
    shared_database: Database, state: SessionState | None, limit: int
) -> None:
    in_force = EndingsInForce()
    in_force.add([ending(ref=f"ses_{number}", at=NOW + 9 * MINUTE) for number in (2, 5)])
    expected = {
        None: [6, 5, 4, 3, 2, 1],
        SessionState.LIVE: [6, 4, 1],
        SessionState.OVER: [5, 3, 2],
    }
    with undone(shared_database) as plain:
        for number in range(1, 7):
            add(plain, number, **(OVER | {"ended_at": NOW + 9 * MINUTE} if number == 3 else {}))
        store = SessionTable(plain.sessions._db, VAULT, in_force)
        found: list[str] = []
        after: tuple[str, ...] | None = None
        while rows := store.search(SessionFilter(state=state), Page(limit=limit, after=after)):
            found += [one.id for one in rows]
            after = (str(to_ms(rows[-1].started_at)), rows[-1].id)
    assert found == [f"ses_{number}" for number in expected[state]]
