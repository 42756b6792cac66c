"""How many users an actor may become, on both databases."""

from __future__ import annotations

from dataclasses import replace

from tests.contract.rules.approving import Room
from tests.contract.rules.world import World, named
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.ids import ActorRef
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.notices.events import EventType
from understudy.core.rules.approval import APPROVAL_MISSING
from understudy.flows.impersonation.denied import Denied
from understudy.flows.impersonation.exchange import TokenRefused
from understudy.flows.impersonation.open_session import OpenSession
from understudy.flows.impersonation.request import Granted


def _waits(answer: Granted | Denied) -> bool:
    """Whether somebody else has to agree first."""
    assert isinstance(answer, Granted), answer
    return (answer.grant.status, answer.grant.quorum) == (GrantStatus.PENDING, 1)


def _people(installation: World, number: int) -> list[str]:
    names = [f"user-{one}" for one in range(number)]
    for name in names:
        installation.save_subject(id=name)
    return names


def test_one_subject_too_many_within_an_hour_waits_for_agreement(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=2))
    installation.granted("ada")
    installation.granted("bob")
    (third,) = _people(installation, 1)
    assert _waits(installation.ask(third))
    (entry,) = installation.entries(EventType.GRANT_REQUESTED)
    assert entry.core is not None
    assert entry.core["actor_ref"] == installation.sam.id


def test_the_same_subjects_again_use_nothing_up(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    for _ in range(3):
        assert not _waits(installation.ask("ada"))
    assert _waits(installation.ask("bob"))


def test_what_was_refused_uses_nothing_up(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    for refused in ("vip", "boss", "gone", "nobody"):
        assert isinstance(installation.ask(refused), Denied)
    assert not _waits(installation.ask("ada"))


def test_a_budget_of_a_day_outlasts_that_of_an_hour(installation: World) -> None:
    limits = InsiderLimits(subjects_an_hour=1, subjects_a_day=2)
    installation.set_up_application(insiders=limits)
    third = _people(installation, 1)[0]
    installation.granted("ada")
    installation.clock.forward(minutes=59, seconds=59)
    assert _waits(installation.ask("bob"))
    installation.clock.forward(seconds=1)
    assert not _waits(installation.ask("bob"))
    installation.clock.forward(hours=2)
    assert _waits(installation.ask(third))
    installation.clock.forward(hours=21)
    assert not _waits(installation.ask(third))


def test_each_actor_and_each_application_has_a_budget_of_its_own(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_a_day=1))
    installation.granted("ada")
    assert not _waits(installation.ask("bob", actor=named()))
    assert _waits(installation.ask("ada", actor=named()))
    other = named("staff-8", ref=ActorRef("act_8"))
    assert not _waits(installation.ask("ada", actor=other))
    assert _waits(installation.ask("bob"))


def test_a_grant_counts_itself_and_is_none_too_many_for_that(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=2))
    tokens = [installation.token(installation.granted(name)) for name in ("ada", "bob")]
    for token in tokens:
        assert isinstance(installation.exchange(token), OpenSession)


def test_a_budget_that_was_tightened_holds_for_what_waits_and_ends_nothing(
    installation: World,
) -> None:
    running = installation.session("ada")
    token = installation.token(installation.granted("bob"))
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    assert installation.exchange(token) == TokenRefused(why=APPROVAL_MISSING.code)
    assert isinstance(installation.refresh(running), OpenSession)


def test_what_others_said_no_to_is_not_counted(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    grant = installation.granted("ada")
    installation.run(lambda unit: unit.grants.save(replace(grant, status=GrantStatus.DENIED)))
    assert not _waits(installation.ask("bob"))


def test_what_was_used_before_somebody_took_their_agreement_back_is_counted(
    installation: World,
) -> None:
    room = Room(installation)
    room.deny(room.session().grant, room.kit)
    room.ask_for(quorum=0)
    installation.set_up_application(insiders=InsiderLimits(subjects_an_hour=1))
    assert _waits(installation.ask("bob"))


def test_without_limits_anybody_may_become_as_many_as_they_like(installation: World) -> None:
    for name in _people(installation, 12):
        assert not _waits(installation.ask(name))
