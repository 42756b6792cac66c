"""What somebody tries who can write the database and lacks the key: found, or refused."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import psycopg

from tests.integration.drill.stage import Stage
from understudy.core.people.principals import Operator

_REFUSED = (sqlite3.IntegrityError, psycopg.errors.IntegrityError)
_RANDOM = ("token_", "mac")


class Writer:
    """Each try is taken back, so that the next one is alone."""

    def plant_session(self, stage: Stage, number: int) -> None:
        """A session with a token of one's own choice."""
        token = f"uss_{number:043}"
        changes = {"id": "ses_planted", "ended_at": None, "end_cause": None}
        with _planted(stage, "sessions", number, changes, token=token) as done:
            path, body = "/sessions/refresh", {"session_token": token}
            _require_found_or_refused(
                stage, done, lambda: stage.by_backend("POST", path, json=body)
            )

    def plant_sign_in(self, stage: Stage, number: int) -> None:
        """A sign-in of the admin with a cookie of one's own choice."""
        token = f"uso_{number:043}"
        changes = {"id": "ops_planted", "operator_id": stage.admin.id}
        with _planted(stage, "operator_sessions", number, changes, token=token) as done:
            _require_found_or_refused(stage, done, lambda: _me(stage, stage.admin, token))

    def plant_link(self, stage: Stage, number: int) -> None:
        """An invitation for the admin's account."""
        token = f"usi_{number:043}"
        with _planted(stage, "invitations", number, {"used_at": None}, token=token) as done:
            path, body = "/api/v1/invitations/inspect", {"token": token}
            stranger = stage.world.stranger
            _require_found_or_refused(
                stage, done, lambda: stage.call(stranger, "POST", path, json=body)
            )

    def widen(self, stage: Stage, number: int) -> None:
        """More time, more idle time, more than reading, or another person for what is there."""
        table, column, value = (
            ("sessions", "ends_at", "ends_at + 60000"),
            ("sessions", "idle_limit", "idle_limit + 60000"),
            ("sessions", "subject_ref", "'sub_other'"),
            ("sessions", "actor_ref", f"'{stage.admin.id}'"),
            ("grants", "scope", "CASE WHEN scope = 'full' THEN 'read_only' ELSE 'full' END"),
            ("grants", "minutes", "minutes + 1"),
            ("grants", "subject_ref", "'sub_other'"),
        )[number // 8 % 7]
        _require_change_found(stage, table, column, value, number)

    def revive(self, stage: Stage, number: int) -> None:
        """What is over is to live again."""
        over = sorted(stage.model.over)
        if not over:
            self.promote(stage, number)
            return
        row = {"id": over[number % len(over)]}
        changes = {"ended_at": None, "end_cause": None}
        with _changed(stage, "sessions", row, changes) as done:
            assert not done or stage.differences()

    def unprotect(self, stage: Stage, number: int) -> None:
        """Take away a user's protection."""
        if "root" not in stage.model.protected:
            self.promote(stage, number)
            return
        with _changed(stage, "subjects", {"id": "root"}, {"protected": 0}) as done:
            assert not done or stage.differences()

    def promote(self, stage: Stage, number: int) -> None:
        """Make the agent an admin, or somebody who is not disabled."""
        changes = ({"roles": '["admin"]'}, {"roles": '["admin"]', "status": "active"})[number % 2]
        with _changed(stage, "operators", {"id": stage.agent.id}, changes) as done:
            assert not done or stage.differences()

    def delete_session(self, stage: Stage, number: int) -> None:
        """Take a session's row away, live or over."""
        row = _row(stage, "sessions", number)
        stage.sql.change("DELETE FROM sessions WHERE id = ?", row["id"])
        assert stage.differences()
        _put(stage, "sessions", row)

    def delete_entry(self, stage: Stage, number: int) -> None:
        """Take an entry out of the log."""
        row = _row(stage, "log_entries", number)
        stage.sql.change("DELETE FROM log_entries WHERE idx = ?", row["idx"])
        assert not stage.world.installation.engine.verify().ok
        _put(stage, "log_entries", row)

    def change_entry(self, stage: Stage, number: int) -> None:
        """Have an entry say something else."""
        row = _row(stage, "log_entries", number)
        core = str(row["core"]).replace('"ok"', '"no"')
        with _changed(stage, "log_entries", {"idx": row["idx"]}, {"core": core + " "}) as done:
            assert not done or not stage.world.installation.engine.verify().ok


def _require_found_or_refused(stage: Stage, done: bool, used: Callable[[], Any]) -> None:
    # What is found is not used: the service would write down that it let somebody in.
    assert not done or stage.differences() or used().is_client_error


def _require_change_found(stage: Stage, table: str, column: str, value: str, number: int) -> None:
    row = _row(stage, table, number)
    try:
        stage.sql.change(f"UPDATE {table} SET {column} = {value} WHERE id = ?", row["id"])
    except _REFUSED:
        return
    assert stage.differences()
    stage.sql.change(f"UPDATE {table} SET {column} = ? WHERE id = ?", row[column], row["id"])


@contextmanager
def _planted(
    stage: Stage, table: str, number: int, changes: dict[str, Any], *, token: str
) -> Iterator[bool]:
    """A row like one that is there, with the hash of ``token``, gone behind the block; False where
    the database refuses it.
    """
    row = _row(stage, table, number)
    random = {name: os.urandom(32) for name in row if name.startswith(_RANDOM) and row[name]}
    # As near as it gets without the key: whose key it is stands in front, and is no secret.
    guessed = row["token_mac"][:4] + sha256(token.encode()).digest()[:28]
    planted = row | random | changes | {"token_mac": guessed}
    try:
        _put(stage, table, planted)
    except _REFUSED:
        yield False
        return
    yield True
    stage.sql.change(f"DELETE FROM {table} WHERE token_mac = ?", guessed)


@contextmanager
def _changed(
    stage: Stage, table: str, where: dict[str, Any], changes: dict[str, Any]
) -> Iterator[bool]:
    """A row with ``changes``, put right behind the block; False where the database refuses."""
    ((key, value),) = where.items()
    names = ", ".join(changes)
    [before] = stage.sql.rows(f"SELECT {names} FROM {table} WHERE {key} = ?", value)
    places = ", ".join(f"{name} = ?" for name in changes)
    statement = f"UPDATE {table} SET {places} WHERE {key} = ?"
    try:
        stage.sql.change(statement, *changes.values(), value)
    except _REFUSED:
        yield False
        return
    yield True
    stage.sql.change(statement, *before, value)


def _row(stage: Stage, table: str, number: int) -> dict[str, Any]:
    order = {"log_entries": "idx", "invitations": "created_at"}.get(table, "id")
    [(count,)] = stage.sql.rows(f"SELECT count(*) FROM {table}")
    query = f"SELECT * FROM {table} ORDER BY {order}"
    [row] = stage.sql.rows(f"{query} LIMIT 1 OFFSET {number % count}")
    return dict(zip(stage.sql.names(query), row, strict=True))


def _put(stage: Stage, table: str, row: dict[str, Any]) -> None:
    places = ", ".join("?" * len(row))
    stage.sql.change(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


def _me(stage: Stage, who: Operator, token: str) -> Any:
    before, stage.cookies[who.id] = stage.cookies[who.id], token
    answer = stage.by_operator(who, "GET", "/api/v1/me")
    stage.cookies[who.id] = before
    return answer
