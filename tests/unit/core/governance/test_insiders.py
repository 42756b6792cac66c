from __future__ import annotations

from understudy.core.governance.insiders import InsiderLimits, insider_facts
from understudy.core.governance.working_hours import WorkingHours

HOURS = WorkingHours(time_zone="Europe/Berlin", days=(1, 2, 3, 4, 5), begins=8 * 60, ends=18 * 60)


def test_an_entry_tells_all_limits_and_the_hours_as_people_write_them() -> None:
    assert set(insider_facts(InsiderLimits()).values()) == {None, False}
    facts = insider_facts(InsiderLimits(subjects_an_hour=5, working_hours=HOURS))
    assert facts["subjects_an_hour"] == 5
    assert facts["working_hours"] == "1,2,3,4,5 08:00-18:00 Europe/Berlin"
