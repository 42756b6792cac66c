"""What is unusual about a grant is marked, on both databases."""

from __future__ import annotations

from tests.contract.rules.world import World
from understudy.core.governance.insiders import InsiderLimits
from understudy.core.governance.working_hours import WorkingHours
from understudy.core.impersonation.grants import Mark
from understudy.core.notices.events import EventType


def test_a_grant_off_hours_or_without_a_ticket_is_marked_with_its_entry(
    installation: World,
) -> None:
    hours = WorkingHours(time_zone="Europe/Berlin", days=(1,), begins=600, ends=660)
    limits = InsiderLimits(working_hours=hours, mark_ticketless=True)
    installation.set_up_application(insiders=limits)
    usual = installation.granted("ada", ticket="SUP-1")
    installation.clock.forward(hours=1)
    unusual = installation.granted("ada")
    assert (usual.marks, unusual.marks) == (None, (Mark.OFF_HOURS, Mark.TICKETLESS))
    with installation.engine.reading() as reader:
        assert reader.grants.get(unusual.id) == unusual
    told = [entry.core or {} for entry in installation.entries(EventType.GRANT_CREATED)]
    details = [one["details"] for one in told]
    assert [isinstance(one, dict) and one.get("marks") for one in details] == [
        "off_hours ticketless",
        None,
    ]


def test_marks_stay_as_they_were_when_a_grant_goes_on(installation: World) -> None:
    installation.set_up_application(insiders=InsiderLimits(mark_ticketless=True))
    opened = installation.session("ada")
    installation.set_up_application(insiders=InsiderLimits())
    assert opened.grant.marks == (Mark.TICKETLESS,)
    with installation.engine.reading() as reader:
        stored = reader.grants.get(opened.grant.id)
    assert stored is not None
    assert stored.marks == (Mark.TICKETLESS,)


def test_where_nobody_wants_marks_there_are_none(installation: World) -> None:
    assert installation.granted("ada").marks is None
