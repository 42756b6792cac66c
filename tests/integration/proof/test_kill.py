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

KILLS = 20
CALLS = 80
"""Most calls that are answered before the next kill."""
MOMENT = 0.008
"""Seconds: longer than a group commit takes."""

END_TYPES = "('session.ended', 'session.expired', 'session.revoked')"


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
    with place.engine() as engine:
        report = engine.verify()
    assert report.ok, (when, report.findings)
    with place.sql() as sql:
        require_kept(sql, told, when)
        for rule, query in HALF_DONE.items():
            assert sql.rows(query) == [], (when, rule)


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


HALF_DONE = {
    "a session without exactly one entry about its start": """
        SELECT s.id, count(e.idx) FROM sessions s
        LEFT JOIN log_entries e ON e.session_id = s.id AND e.type = 'session.started'
        GROUP BY s.id HAVING count(e.idx) <> 1""",
    "an entry about a start without its session": """
        SELECT e.idx FROM log_entries e LEFT JOIN sessions s ON s.id = e.session_id
        WHERE e.type = 'session.started' AND s.id IS NULL""",
    "a session that is over without exactly one entry about its end, or one that is not with": f"""
        SELECT s.id, count(e.idx) FROM sessions s
        LEFT JOIN log_entries e ON e.session_id = s.id AND e.type IN {END_TYPES}
        GROUP BY s.id, s.ended_at
        HAVING count(e.idx) <> CASE WHEN s.ended_at IS NULL THEN 0 ELSE 1 END""",
    "a grant without exactly one entry about it": """
        SELECT g.id, count(e.idx) FROM grants g
        LEFT JOIN log_entries e ON e.grant_id = g.id AND e.type = 'grant.created'
        GROUP BY g.id HAVING count(e.idx) <> 1""",
    "an entry about a grant that is not there": """
        SELECT e.idx FROM log_entries e LEFT JOIN grants g ON g.id = e.grant_id
        WHERE e.grant_id IS NOT NULL AND g.id IS NULL""",
    "a grant without its token": """
        SELECT g.id FROM grants g LEFT JOIN impersonation_tokens t ON t.grant_id = g.id
        WHERE t.grant_id IS NULL""",
    "a used token without its session": """
        SELECT t.grant_id FROM impersonation_tokens t LEFT JOIN sessions s ON s.id = t.session_id
        WHERE t.used_at IS NOT NULL AND s.id IS NULL""",
    "a session whose token is not used": """
        SELECT s.id FROM sessions s LEFT JOIN impersonation_tokens t ON t.session_id = s.id
        WHERE t.used_at IS NULL""",
    "a grant that says otherwise than its session": """
        SELECT g.id, g.status, s.id, s.end_cause FROM grants g
        LEFT JOIN sessions s ON s.grant_id = g.id
        WHERE g.status <> CASE WHEN s.id IS NULL THEN 'ready'
            WHEN s.ended_at IS NULL THEN 'active' ELSE 'closed' END""",
    "a session's action without its session": """
        SELECT e.idx FROM log_entries e LEFT JOIN sessions s ON s.id = e.session_id
        WHERE e.type LIKE 'action.%' AND s.id IS NULL""",
}
"""Queries that find what no interrupted call may leave behind."""
