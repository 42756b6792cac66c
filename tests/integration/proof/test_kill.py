"""The service is killed while it works, twenty times: what it promised holds, nothing is half done.

`kill -9` comes at a random call's answer, and up to a few milliseconds after it, while other calls
are at every other stage.
"""

from __future__ import annotations

import json
import random
import threading

from tests.integration.proof.load import Load, Told
from tests.integration.proof.place import Place, Sql
from tests.integration.proof.process import Service
from tests.integration.proof.wholeness import END_TYPES, half_done

KILLS = 20
CALLS = 80
"""Most calls that are answered before the next kill."""
MOMENT = 0.008
"""Seconds: longer than a group commit takes."""


def test_every_answered_call_is_there_after_twenty_kills_and_nothing_is_half_done(
    place: Place, chance: random.Random
) -> None:
    told = Told()
    with Service(place) as service:
        for number in range(KILLS):
            work_until_killed(service, told, chance)
            service.start()
            require_whole(place, told, f"after kill {number + 1}")
    assert told.refused == []
    # Nobody answered this by doing nothing.
    assert min(len(told.grants), len(told.sessions), len(told.actions), len(told.ended)) > KILLS


def work_until_killed(service: Service, told: Told, chance: random.Random) -> None:
    load = Load(service, told, chance)
    load.start()
    load.wait_for(chance.randrange(1, CALLS))
    threading.Event().wait(chance.uniform(0, MOMENT))  # the random moment itself: nothing to poll
    service.kill()
    load.stop()


def require_whole(place: Place, told: Told, when: str) -> None:
    """The log verifies, tells what was told, and agrees with the tables."""
    assert half_done(place) == {}, when
    with place.engine() as engine:
        report = engine.verify()
    assert report.ok, (when, report.findings)
    with place.sql() as sql:
        require_kept(sql, told, when)


def require_kept(sql: Sql, told: Told, when: str) -> None:
    """What was answered is in the tables and in the log."""
    grants = column(sql, "SELECT id FROM grants")
    assert set(told.grants) <= grants, when
    assert told.grants <= column(sql, entries_about("grant_id", "('grant.created')")), when
    sessions = dict(sql.rows("SELECT id, grant_id FROM sessions"))
    assert told.sessions.items() <= sessions.items(), when
    assert told.sessions.keys() <= column(sql, entries_about("session_id", "('session.started')"))
    ended = column(sql, "SELECT id FROM sessions WHERE ended_at IS NOT NULL")
    assert told.ended <= ended, when
    assert told.ended <= column(sql, entries_about("session_id", END_TYPES)), when
    acted = sql.rows("SELECT idx, core FROM log_entries WHERE type LIKE 'action.%'")
    places = {json.loads(core)["action_id"]: index for index, core in acted}
    assert told.actions.items() <= places.items(), when


def column(sql: Sql, query: str) -> set[str]:
    return {str(value) for (value,) in sql.rows(query)}


def entries_about(column_name: str, types: str) -> str:
    return f"SELECT {column_name} FROM log_entries WHERE type IN {types}"
