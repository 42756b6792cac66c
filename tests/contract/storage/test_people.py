"""Operators, sign-ins, invitations and failures on both databases."""

from __future__ import annotations

from tests.contract.storage.make import MINUTE, NOW, operator, operator_session, undone
from tests.fixtures.refusals import refusal_of
from understudy import errors
from understudy.core.ids import OperatorId
from understudy.core.people.principals import Invitation
from understudy.core.ports import SignInFailures
from understudy.storage.database.connection import Database

OTHER_HASH = b"\1" * 32


def test_an_operator_is_found_by_email(shared_database: Database) -> None:
    with undone(shared_database) as store:
        assert store.operators.by_email("ada@example.com") == operator()
        assert store.operators.by_email("bob@example.com") is None


def test_an_email_address_belongs_to_one_operator(shared_database: Database) -> None:
    with undone(shared_database) as store, refusal_of(errors.AlreadyExists, "already_exists"):
        store.operators.add(operator(id="opr_2"))


def test_an_operator_cannot_take_the_email_address_of_another(shared_database: Database) -> None:
    with undone(shared_database) as store:
        bob = operator(id="opr_2", email="bob@example.com")
        store.operators.add(bob)
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.operators.save(operator(id="opr_2"))


def test_operators_are_listed_by_email_address(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.operators.add(operator(id="opr_2", email="zoe@example.com"))
        store.operators.add(operator(id="opr_3", email="aaron@example.com"))
        assert [one.id for one in store.operators.list()] == ["opr_3", "opr_1", "opr_2"]


def test_a_sign_in_is_touched_forwards_only(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.operator_sessions.add(operator_session())
        store.operator_sessions.touch("ops_1", NOW + MINUTE)
        store.operator_sessions.touch("ops_1", NOW)
        expected = operator_session(last_seen_at=NOW + MINUTE)
        assert store.operator_sessions.by_token_hash(bytes(32)) == expected


def test_sign_ins_of_an_operator_are_listed_oldest_first(shared_database: Database) -> None:
    younger = operator_session(id="ops_a", created_at=NOW + MINUTE, token_hash=OTHER_HASH)
    with undone(shared_database) as store:
        store.operators.add(operator(id="opr_2", email="bob@example.com"))
        store.operator_sessions.add(younger)
        store.operator_sessions.add(operator_session())
        assert list(store.operator_sessions.of_operator(OperatorId("opr_1"))) == [
            operator_session(),
            younger,
        ]
        assert list(store.operator_sessions.of_operator(OperatorId("opr_2"))) == []


def test_a_sign_out_removes_one_sign_in_and_sign_out_everywhere_all(
    shared_database: Database,
) -> None:
    with undone(shared_database) as store:
        for number in range(3):
            made = operator_session(id=f"ops_{number}", token_hash=bytes([number]) * 32)
            store.operator_sessions.add(made)
        store.operator_sessions.remove("ops_0")
        assert len(store.operator_sessions.of_operator(OperatorId("opr_1"))) == 2
        assert store.operator_sessions.remove_of_operator(OperatorId("opr_1")) == 2
        assert store.operator_sessions.remove_of_operator(OperatorId("opr_1")) == 0


def test_a_sign_in_expires_in_its_very_millisecond(shared_database: Database) -> None:
    ends = operator_session().expires_at
    with undone(shared_database) as store:
        store.operator_sessions.add(operator_session())
        assert store.operator_sessions.remove_expired(ends - MINUTE / 60_000) == 0
        assert store.operator_sessions.remove_expired(ends) == 1


def test_a_cookie_belongs_to_one_sign_in(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.operator_sessions.add(operator_session())
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.operator_sessions.add(operator_session(id="ops_2"))


def test_invitations_of_an_operator_are_removed_together(shared_database: Database) -> None:
    with undone(shared_database) as store:
        for number in range(2):
            store.invitations.add(
                Invitation(
                    token_hash=bytes([number]) * 32,
                    operator_id=OperatorId("opr_1"),
                    created_at=NOW,
                    expires_at=NOW + MINUTE,
                )
            )
        assert store.invitations.remove_of_operator(OperatorId("opr_1")) == 2
        assert store.invitations.by_token_hash(bytes(32)) is None


def test_failures_are_counted_by_key_until_they_are_cleared(shared_database: Database) -> None:
    failures = SignInFailures(key=b"ada", count=3, first_at=NOW, locked_until=NOW + MINUTE)
    with undone(shared_database) as store:
        store.sign_in_failures.save(failures)
        assert store.sign_in_failures.get(b"bob") is None
        store.sign_in_failures.clear(b"ada")
        assert store.sign_in_failures.get(b"ada") is None


def test_staff_of_an_app_are_found_by_what_it_calls_them(shared_database: Database) -> None:
    kim = operator(id="opr_2", email="kim@example.com", staff_id="17")
    with undone(shared_database) as store:
        store.operators.add(kim)
        assert store.operators.by_staff_id("17") == kim
        assert store.operators.by_staff_id("18") is None
        assert store.operators.get(OperatorId("opr_2")) == kim
        with refusal_of(errors.AlreadyExists, "already_exists"):
            store.operators.add(operator(id="opr_3", email="lee@example.com", staff_id="17"))


def test_somebody_whom_an_app_signed_in_may_get_an_account_of_their_own(
    shared_database: Database,
) -> None:
    with undone(shared_database) as store:
        store.operators.save(operator(staff_id="17"))
        store.operators.save(operator(staff_id=None))
        assert store.operators.by_staff_id("17") is None
        assert store.operators.get(OperatorId("opr_1")) == operator()


def test_when_a_password_was_said_is_kept_with_its_sign_in(shared_database: Database) -> None:
    with undone(shared_database) as store:
        store.operator_sessions.add(operator_session())
        store.operator_sessions.confirm("ops_1", NOW + MINUTE)
        store.operator_sessions.confirm("ops_2", NOW + MINUTE)
        store.operator_sessions.touch("ops_1", NOW + 2 * MINUTE)
        assert store.operator_sessions.by_token_hash(bytes(32)) == operator_session(
            confirmed_at=NOW + MINUTE, last_seen_at=NOW + 2 * MINUTE
        )
