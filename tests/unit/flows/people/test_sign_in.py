from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.rules.world import HERE, World, named
from tests.fixtures.refusals import refusal_of
from understudy.core.ids import OperatorId
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.impersonation.sessions import EndCause
from understudy.core.notices.events import EventType
from understudy.core.people.principals import (
    OPERATOR_SESSION_IDLE,
    OPERATOR_SESSION_LIFE,
    Operator,
    OperatorSession,
    OperatorStatus,
)
from understudy.core.ports import GrantFilter
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.errors import NotSignedIn
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.people import sign_in
from understudy.flows.people.lock import FIRST_LOCK, FREE_FAILURES, LONGEST_LOCK, MEMORY
from understudy.flows.people.sign_in import SignedIn

KNOWN, UNKNOWN = "sam@support.example", "nobody@support.example"


def _fail(world: World, email: str, times: int = 1) -> None:
    for _ in range(times):
        world.run(lambda unit: sign_in.sign_in_failed(unit, email, origin=HERE))


def _look_up(world: World, email: str) -> sign_in.Attempt:
    with world.engine.reading() as reader:
        return sign_in.look_up(reader, world.engine.vault, email, world.clock())


def _locked_for(world: World, email: str) -> timedelta | None:
    until = _look_up(world, email).locked_until
    return None if until is None else until - world.clock.now


def _sign_in(world: World) -> SignedIn | None:
    return world.run(lambda unit: sign_in.signed_in(unit, world.sam, origin=HERE))


def _identify(world: World, token: str) -> tuple[Operator, OperatorSession] | None:
    with world.engine.reading() as reader:
        return sign_in.identify(reader, token, world.clock())


def test_an_address_is_found_however_it_is_spelled(installation: World) -> None:
    assert _look_up(installation, " SAM@Support.example ").operator == installation.sam


def test_a_disabled_account_looks_like_none(installation: World) -> None:
    installation.change_operator(status=OperatorStatus.DISABLED)
    assert _look_up(installation, KNOWN) == _look_up(installation, UNKNOWN)


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN, "not an address"])
def test_the_lock_takes_the_same_course_for_known_and_unknown_addresses(
    installation: World, email: str
) -> None:
    course = []
    for _ in range(12):
        _fail(installation, email)
        course.append(_locked_for(installation, email))
    minutes = [None] * (FREE_FAILURES - 1) + [1, 2, 4, 8] + [15] * 4
    assert course == [None if one is None else timedelta(minutes=one) for one in minutes]


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_the_lock_is_over_at_its_very_second(installation: World, email: str) -> None:
    _fail(installation, email, FREE_FAILURES)
    installation.clock.forward(seconds=FIRST_LOCK.total_seconds(), milliseconds=-1)
    assert _locked_for(installation, email) == timedelta(milliseconds=1)
    installation.clock.forward(milliseconds=1)
    assert _locked_for(installation, email) is None


def test_one_address_does_not_lock_another(installation: World) -> None:
    _fail(installation, UNKNOWN, FREE_FAILURES)
    assert _locked_for(installation, KNOWN) is None


def test_spelling_an_address_otherwise_does_not_give_more_tries(installation: World) -> None:
    for spelled in ("sam@support.example", "SAM@support.example", " sam@support.example"):
        _fail(installation, spelled, 2)
    assert _locked_for(installation, KNOWN) is not None


def test_failures_are_forgotten_after_a_while(installation: World) -> None:
    _fail(installation, KNOWN, FREE_FAILURES - 1)
    installation.clock.forward(seconds=MEMORY.total_seconds())
    _fail(installation, KNOWN, FREE_FAILURES - 1)
    assert _locked_for(installation, KNOWN) is None


def test_failures_are_remembered_up_to_then(installation: World) -> None:
    _fail(installation, KNOWN, FREE_FAILURES - 1)
    installation.clock.forward(seconds=MEMORY.total_seconds(), milliseconds=-1)
    _fail(installation, KNOWN)
    assert _locked_for(installation, KNOWN) == FIRST_LOCK


def test_a_failure_during_a_lock_never_shortens_it(installation: World) -> None:
    """A guess that was under way when the lock began arrives when failures would be forgotten."""
    _fail(installation, KNOWN)
    installation.clock.forward(seconds=MEMORY.total_seconds(), milliseconds=-1)
    _fail(installation, KNOWN, 9)
    assert _locked_for(installation, KNOWN) == LONGEST_LOCK
    installation.clock.forward(milliseconds=1)
    _fail(installation, KNOWN)
    assert _locked_for(installation, KNOWN) == LONGEST_LOCK


def test_every_failure_is_an_entry_with_the_address_that_was_tried(installation: World) -> None:
    _fail(installation, "x\u202e" + UNKNOWN)
    entry = installation.entries(EventType.OPERATOR_SIGN_IN_FAILED)[0]
    assert entry.core is not None
    assert entry.personal is not None
    assert entry.core["outcome"] == "denied"
    assert "actor_ref" not in entry.core
    assert entry.personal["actor_email"] == "x\ufffd" + UNKNOWN
    assert entry.personal["address"] == HERE.address


def test_signing_in_begins_a_session_and_forgets_failures(installation: World) -> None:
    _fail(installation, KNOWN, FREE_FAILURES - 1)
    begun = _sign_in(installation)
    assert begun is not None
    assert begun.token not in repr(begun)
    assert begun.session.address == HERE.address
    assert _identify(installation, begun.token) == (installation.sam, begun.session)
    _fail(installation, KNOWN, FREE_FAILURES - 1)
    assert _locked_for(installation, KNOWN) is None
    assert len(installation.entries(EventType.OPERATOR_SIGNED_IN)) == 1


def test_the_right_password_does_not_help_while_the_address_is_locked(installation: World) -> None:
    _fail(installation, KNOWN, FREE_FAILURES)
    assert _sign_in(installation) is None
    installation.clock.forward(seconds=FIRST_LOCK.total_seconds())
    assert _sign_in(installation) is not None


def _disable(world: World) -> None:
    world.change_operator(status=OperatorStatus.DISABLED)


def _set_another_password(world: World) -> None:
    world.run(
        lambda unit: sign_in.change_password(unit, world.sam, password_hash="new", origin=HERE)
    )


@pytest.mark.parametrize("happening", [_disable, _set_another_password])
def test_what_happens_while_the_password_is_checked_counts(
    installation: World, happening: Callable[[World], None]
) -> None:
    happening(installation)
    assert _sign_in(installation) is None


def test_an_account_that_was_never_there_signs_in_nobody(installation: World) -> None:
    stranger = replace(installation.sam, id=OperatorId("opr_nobody"))
    assert installation.run(lambda unit: sign_in.signed_in(unit, stranger, origin=HERE)) is None


@pytest.fixture
def begun(installation: World) -> SignedIn:
    """Sam, signed in."""
    made = _sign_in(installation)
    assert made is not None
    return made


def test_a_sign_in_ends_at_its_last_instant_however_busy(
    installation: World, begun: SignedIn
) -> None:
    assert begun.session.expires_at == installation.clock.now + OPERATOR_SESSION_LIFE
    installation.clock.now = begun.session.expires_at - timedelta(milliseconds=1)
    installation.run(
        lambda unit: unit.operator_sessions.touch(begun.session.id, installation.clock.now)
    )
    assert _identify(installation, begun.token) is not None
    installation.clock.forward(milliseconds=1)
    assert _identify(installation, begun.token) is None


def test_an_idle_sign_in_ends_at_its_last_instant(installation: World, begun: SignedIn) -> None:
    installation.clock.forward(seconds=OPERATOR_SESSION_IDLE.total_seconds(), milliseconds=-1)
    assert _identify(installation, begun.token) is not None
    installation.clock.forward(milliseconds=1)
    assert _identify(installation, begun.token) is None


def test_a_cookie_of_nobody_identifies_nobody(installation: World, begun: SignedIn) -> None:
    assert _identify(installation, begun.token + "x") is None
    assert _identify(installation, "") is None


def test_signing_out_ends_one_sign_in_and_no_other(installation: World, begun: SignedIn) -> None:
    other = _sign_in(installation)
    assert other is not None
    opened = installation.session()
    installation.run(
        lambda unit: sign_in.sign_out(unit, begun.operator, begun.session, origin=HERE)
    )
    assert _identify(installation, begun.token) is None
    assert _identify(installation, other.token) is not None
    assert installation.stored(opened).end_cause is None


def test_signing_out_everywhere_ends_sign_ins_and_impersonations(
    installation: World, begun: SignedIn
) -> None:
    mine, theirs = installation.session("ada"), installation.session("bob")
    installation.end(theirs)
    installation.run(
        lambda unit: sign_in.sign_out_everywhere(
            unit, begun.operator, by=begun.operator.party, origin=HERE
        )
    )
    assert _identify(installation, begun.token) is None
    assert installation.stored(mine).end_cause is EndCause.REVOKED
    assert installation.stored(theirs).end_cause is EndCause.ENDED_BY_ACTOR
    last = installation.entries(EventType.OPERATOR_SIGNED_OUT)[0]
    assert last.core is not None
    assert last.core["details"] == {"everywhere": True}
    assert len(installation.entries(EventType.SESSION_REVOKED)) == 1


def test_a_new_password_ends_what_the_old_one_began(installation: World) -> None:
    live, grant = installation.session("ada"), installation.granted("bob")
    token = installation.token(grant)
    _set_another_password(installation)
    assert installation.stored(live).end_cause is EndCause.REVOKED
    assert installation.exchange(token) == TokenRefused(why=GRANT_CLOSED.code)
    with installation.engine.reading() as reader:
        cancelled = reader.grants.get(grant.id)
    assert cancelled is not None
    assert cancelled.status is GrantStatus.CANCELLED


def test_signing_out_everywhere_cancels_however_many_grants_wait(installation: World) -> None:
    for _ in range(60):
        installation.granted()
    theirs = installation.granted(actor=named())
    installation.run(
        lambda unit: sign_in.sign_out_everywhere(
            unit, installation.sam, by=installation.sam.party, origin=HERE
        )
    )
    with installation.engine.reading() as reader:
        waiting = reader.grants.search(GrantFilter(statuses=frozenset({GrantStatus.READY})))
    assert [grant.id for grant in waiting] == [theirs.id]


def test_a_new_password_leaves_one_fresh_sign_in(installation: World, begun: SignedIn) -> None:
    fresh = installation.run(
        lambda unit: sign_in.change_password(
            unit, installation.sam, password_hash="new", origin=HERE
        )
    )
    assert _identify(installation, begun.token) is None
    found = _identify(installation, fresh.token)
    assert found is not None
    assert found[0].password_hash == "new"
    assert len(installation.entries(EventType.OPERATOR_PASSWORD_CHANGED)) == 1


@pytest.mark.parametrize("happening", [_disable, _set_another_password])
def test_a_new_password_undoes_nothing_that_happened_meanwhile(
    installation: World, happening: Callable[[World], None]
) -> None:
    happening(installation)
    with installation.engine.reading() as reader:
        before = reader.operators.get(installation.sam.id)
    with refusal_of(NotSignedIn, "not_signed_in"):
        installation.run(
            lambda unit: sign_in.change_password(
                unit, installation.sam, password_hash="late", origin=HERE
            )
        )
    with installation.engine.reading() as reader:
        assert reader.operators.get(installation.sam.id) == before
