"""What goes wrong around the service: full disk, locked file, newer schema, database away.

Each time the answer is a problem with a stable code and nothing about the inside, nothing is half
done, and the same process works again once the cause is gone.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.fixtures.postgresql import PostgresServer
from tests.fixtures.service import REASON, world
from tests.integration.proof.place import Place, settle
from tests.integration.proof.process import SECONDS, Service, command
from tests.integration.proof.wholeness import half_done
from understudy.core.notices.events import EventType
from understudy.errors import OutcomeUnknown, StorageBusy, StorageFull, Unavailable
from understudy.storage.database.postgresql_turn import LOCK
from understudy.storage.database.sqlite import SqliteDatabase

START = {"subject_id": "ada", "reason": REASON, "actor": {"id": "kim"}}
PUBLIC = {
    error.code: error().detail for error in (OutcomeUnknown, StorageBusy, StorageFull, Unavailable)
}
"""All that callers are told: what the database said is for the service's own log."""


def require_problem(answer: httpx.Response, *codes: str) -> None:
    """A 503 with one of these codes and its text, which says when to try again."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] in codes
    assert problem["detail"] == PUBLIC[problem["code"]]
    assert int(answer.headers["retry-after"]) == problem["retry_after_seconds"] >= 1


def until(condition: Callable[[], bool]) -> None:
    """Return once it holds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline


def started(backend: httpx.Client) -> httpx.Response:
    return backend.post("/impersonations", json=START)


def session_of(backend: httpx.Client) -> str:
    token = {"impersonation_token": started(backend).json()["impersonation_token"]}
    opened = backend.post("/impersonations/exchange", json=token)
    return str(opened.json()["session"]["id"])


# --- a full disk ---


def leave_room(database: Any, pages: int) -> None:
    """Let SQLite's file grow by so many pages and no more: then it says that the disk is full."""
    assert isinstance(database, SqliteDatabase)
    with database.writing() as transaction:
        now = transaction._raw.execute("PRAGMA page_count").fetchone()[0]
        transaction._raw.execute(f"PRAGMA max_page_count={now + pages}")


async def test_full_disk_is_said_and_changes_nothing_until_there_is_room(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        leave_room(made.installation.database, 0)
        answers = [await made.backend.post("/api/v1/impersonations", json=START) for _ in range(60)]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert refused
        for answer in refused:
            require_problem(answer, "storage_full")
        granted = len(answers) - len(refused)
        assert made.logged().count(EventType.GRANT_CREATED) == granted
        listed = await made.backend.get("/api/v1/grants?limit=200")
        assert len(listed.json()["items"]) == granted
        assert made.installation.engine.verify().ok
        assert (await made.stranger.get("/healthz")).status_code == 200

        leave_room(made.installation.database, 10_000)
        again = await made.backend.post("/api/v1/impersonations", json=START)
        assert again.status_code == 201
        assert made.installation.engine.verify().ok


@contextmanager
def unwritable(service: Service) -> Iterator[None]:
    """No file of the process can grow or be written, as on a disk that has just filled up."""
    _, hard = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (hard, hard))


def test_disk_that_takes_nothing_more_is_said_and_changes_nothing(tmp_path: Path) -> None:
    place = settle(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path)
    with Service(place) as service, service.backend() as backend:
        session_id = session_of(backend)
        with unwritable(service):
            for answer in [started(backend) for _ in range(5)]:
                # A write that fails at the commit itself is looked into before anybody is told no.
                require_problem(answer, "storage_full", "unavailable", "outcome_unknown")
            assert backend.get(f"/sessions/{session_id}").json()["end_cause"] is None
            assert half_done(place) == {}
        assert started_soon(backend).status_code == 201
        assert backend.post(f"/sessions/{session_id}/end").json()["end_cause"] == "ended_by_actor"
        service.stop()
    require_sound(place, grants=2)


def started_soon(backend: httpx.Client) -> httpx.Response:
    """A start, once it is known what became of what was committed before."""
    end = time.monotonic() + SECONDS
    answer = started(backend)
    while answer.status_code == 503 and time.monotonic() < end:
        require_problem(answer, "unavailable", "outcome_unknown")
        answer = started(backend)
    return answer


def require_sound(place: Place, *, grants: int) -> None:
    """So many grants were made, nothing is half done, and the log verifies."""
    assert half_done(place) == {}
    with place.engine() as engine:
        assert engine.verify().ok
    with place.sql() as sql:
        assert sql.rows("SELECT count(*) FROM grants") == [(grants,)]


# --- somebody else holds the lock ---


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Another program keeps every writer out."""
    if place.database_url.startswith("sqlite:"):
        path = place.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            yield
            raw.execute("ROLLBACK")
        return
    with closing(psycopg.connect(place.database_url, autocommit=True)) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        # At work: one that holds the lock and does nothing is ended by whoever waits for it.
        holder.pgconn.send_query(b"SELECT pg_sleep(600)")
        yield
        holder.cancel()


def test_locked_database_is_said_can_be_read_and_changes_nothing(place: Place) -> None:
    with Service(place) as service, service.backend() as backend:
        session_id = session_of(backend)
        with locked(place):
            require_problem(started(backend), "storage_busy")
            assert backend.get(f"/sessions/{session_id}").status_code == 200
        assert started(backend).status_code == 201
    require_sound(place, grants=2)


def test_service_does_not_start_on_a_locked_file_and_says_why(tmp_path: Path) -> None:
    place = settle(f"sqlite:///{tmp_path / 'understudy.db'}", tmp_path)
    with closing(sqlite3.connect(tmp_path / "understudy.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA locking_mode=EXCLUSIVE")
        raw.execute("BEGIN EXCLUSIVE")
        require_refused_start(place, "storage_busy")
        raw.execute("ROLLBACK")
    with Service(place) as service, service.backend() as backend:
        assert started(backend).status_code == 201


def require_refused_start(place: Place, code: str) -> None:
    """``serve`` ends with a sentence and a code, and not with a stack trace."""
    ran = command(place, "serve", "--port", "0")
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: ")
    assert f"[{code}]" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


# --- a newer version was here ---


def test_newer_schema_is_left_alone(place: Place) -> None:
    with place.sql() as sql:
        before = sql.rows("SELECT idx, leaf FROM log_entries ORDER BY idx")
        sql.change("INSERT INTO schema_migrations (number, name) VALUES (9999, 'from_the_future')")
        require_refused_start(place, "schema_mismatch")
        assert sql.rows("SELECT idx, leaf FROM log_entries ORDER BY idx") == before
        sql.change("DELETE FROM schema_migrations WHERE number = 9999")
    with Service(place) as service, service.backend() as backend:
        assert started(backend).status_code == 201


# --- the database server is away ---


@pytest.fixture
def away(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which is there again afterwards."""
    yield postgres_server
    postgres_server.stop()
    postgres_server.start()


def test_service_does_not_start_without_its_server_and_says_why(
    postgres_url: str, away: PostgresServer, tmp_path: Path
) -> None:
    place = settle(postgres_url, tmp_path)
    away.stop()
    require_refused_start(place, "unavailable")
    away.start()
    with Service(place) as service, service.backend() as backend:
        assert started(backend).status_code == 201


def test_service_outlives_its_server(
    postgres_url: str, away: PostgresServer, tmp_path: Path
) -> None:
    place = settle(postgres_url, tmp_path)
    with Service(place) as service, service.backend() as backend:
        session_id = session_of(backend)
        ready = f"{service.url}/readyz"
        assert httpx.get(ready, timeout=SECONDS).status_code == 200
        away.stop()
        require_problem(started(backend), "unavailable")
        require_problem(backend.get(f"/sessions/{session_id}"), "unavailable")
        require_problem(httpx.get(ready, timeout=SECONDS), "unavailable")
        assert httpx.get(f"{service.url}/healthz", timeout=SECONDS).status_code == 200

        away.start()
        until(lambda: httpx.get(ready, timeout=SECONDS).status_code == 200)
        assert started_soon(backend).status_code == 201
        assert backend.post(f"/sessions/{session_id}/end").json()["end_cause"] == "ended_by_actor"
        service.stop()
    require_sound(place, grants=2)
