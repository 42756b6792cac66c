"""What must hold between rows and entries at any time: a change and its entry are one."""

from __future__ import annotations

from typing import Any

from tests.integration.proof.place import Place

END_TYPES = "('session.ended', 'session.expired', 'session.revoked')"

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
"""Queries that find what no call may leave behind, whatever became of it."""


def half_done(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """What is half done there, by the rule that it breaks."""
    with place.sql() as sql:
        found = {rule: sql.rows(query) for rule, query in HALF_DONE.items()}
    return {rule: rows for rule, rows in found.items() if rows}
