from __future__ import annotations

from datetime import date

from understudy.core.governance.use import DayOfUse, GrantedOnDay, RefusedOnDay, days_of_use


def test_a_day_has_what_was_granted_and_what_was_refused_the_latest_first() -> None:
    granted = [
        GrantedOnDay(day=20_458, grants=3, unapproved=1, subjects=2, off_hours=1, ticketless=2),
        GrantedOnDay(day=20_459, grants=1, unapproved=0, subjects=1, off_hours=0, ticketless=0),
    ]
    refused = [
        RefusedOnDay(day=20_457, refused=1, alarms=0),
        RefusedOnDay(day=20_459, refused=4, alarms=1),
    ]
    assert days_of_use(granted, refused) == (
        DayOfUse(day=date(2026, 1, 6), grants=1, subjects=1, refused=4, alarms=1),
        DayOfUse(
            day=date(2026, 1, 5), grants=3, unapproved=1, subjects=2, off_hours=1, ticketless=2
        ),
        DayOfUse(day=date(2026, 1, 4), refused=1),
    )
