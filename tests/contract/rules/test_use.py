"""What somebody was permitted and refused, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from tests.contract.rules.world import HERE, World, named
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.use import DayOfUse, days_of_use
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM
from understudy.core.people.principals import Subject
from understudy.flows.directory.honey import set_honey


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
