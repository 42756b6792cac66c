from __future__ import annotations

from tests.contract.rules.world import World
from understudy.core.notices.events import EventType
from understudy.flows.notices.forged_rows import NAMED, tell_of_forged_rows


def test_each_table_is_an_alarm_that_names_its_first_rows(installation: World) -> None:
    many = [f"ses_{number}" for number in range(NAMED + 5)]
    found = {"sessions": many, "grants": ["grt_1"]}
    installation.run(lambda unit: tell_of_forged_rows(unit, found))
    told = [(entry.core or {})["details"] for entry in installation.entries(EventType.ROW_FORGED)]
    assert told == [
        {"table": "sessions", "rows": ", ".join(many[:NAMED]), "rows_found": NAMED + 5},
        {"table": "grants", "rows": "grt_1", "rows_found": 1},
    ]
