"""What somebody was permitted and refused, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from tests.contract.rules.approving import Room
from tests.contract.rules.world import HERE, World, named
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.use import DayOfUse, days_of_use
from understudy.core.ids import SubjectId
from understudy.core.impersonation.grants import GrantStatus
from understudy.core.notices.events import SYSTEM
from understudy.core.people.principals import Subject
from understudy.core.rules.grant import GRANT_CLOSED
from understudy.flows.directory.honey import set_honey
from understudy.flows.impersonation.cancel import cancel
from understudy.flows.impersonation.denied import Denied


def _honey(installation: World, subject_id: str = "ada", *, honey: bool = True) -> Subject:
    return installation.run(
        lambda unit: set_honey(
            unit,
            installation.application.id,
            SubjectId(subject_id),
            honey=honey,
            by=SYSTEM,
            origin=HERE,
        )
    )


def test_use_is_told_day_by_day_with_its_marks_and_refusals(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(mark_ticketless=True))
    for subject_id, ticket in (("ada", "SUP-1"), ("ada", None), ("bob", None)):
        installation.granted(subject_id, ticket=ticket)
    installation.granted("bob", actor=named())
    installation.ask("vip")
    installation.clock.forward(days=2)
    _honey(installation)
    installation.ask("ada")
    installation.granted("bob", ticket="SUP-2")
    since = installation.clock().replace(hour=0) - timedelta(days=2)
    sam = installation.sam.actor_ref
    with installation.engine.reading() as reader:
        days = days_of_use(
            reader.grants.granted_by_day(sam, since), reader.entries.refused_by_day(sam, since)
        )
        assert reader.grants.subjects_of_actor(sam, since) == 2
        later = since + timedelta(days=1)
        assert [one.grants for one in reader.grants.granted_by_day(sam, later)] == [1]
        assert [one.refused for one in reader.entries.refused_by_day(sam, later)] == [1]
    assert days == (
        DayOfUse(day=date(2026, 1, 7), grants=1, subjects=1, refused=1, alarms=1),
        DayOfUse(day=date(2026, 1, 5), grants=3, subjects=2, ticketless=2, refused=1),
    )


def test_what_waits_or_was_not_agreed_to_is_not_told_as_granted(installation: World) -> None:
    room = Room(installation)
    room.approved(installation.granted("ada"), room.kit)
    room.deny(room.approved(installation.granted("ada"), room.kit), room.kit)
    room.deny(room.session().grant, room.kit)
    sam = installation.sam.party
    for subject_id in ("ada", "bob"):
        room.deny(installation.granted(subject_id), room.kit)
        waiting = installation.granted(subject_id)
        cancelled = installation.granted(subject_id).id
        installation.run(lambda unit, id_=cancelled: cancel(unit, id_, by=sam, origin=HERE))  # type: ignore[misc]
        assert waiting.status is GrantStatus.PENDING
    day = installation.clock().replace(hour=0)
    actor = installation.sam.actor_ref
    with installation.engine.reading() as reader:
        (found,) = reader.grants.granted_by_day(actor, day)
        assert (found.grants, found.unapproved, found.subjects) == (3, 6, 1)
        assert reader.grants.subjects_of_actor(actor, day) == 1


def test_what_others_were_refused_to_do_about_it_is_not_told_as_refused_to_the_actor(
    installation: World,
) -> None:
    room = Room(installation)
    waiting = installation.granted("ada")
    room.deny(waiting, room.kit)
    assert room.approve(waiting, room.lou) == Denied(rule=GRANT_CLOSED)
    day = installation.clock().replace(hour=0)
    with installation.engine.reading() as reader:
        assert not reader.entries.refused_by_day(installation.sam.actor_ref, day)
