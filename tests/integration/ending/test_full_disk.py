"""A service on a disk that is full, killed and started again there: what was ended stays ended."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fixtures.full_disk import Disk, small_disk
from understudy.config import Settings
from understudy.core.applications.application import ApplicationSettings, Vertical
from understudy.core.ids import SubjectId
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.ports import EntryFilter, Unit
from understudy.flows.applications import administer
from understudy.flows.directory import maintain
from understudy.flows.origin import Origin
from understudy.service.opening import open_installation

SESSIONS = "/api/v1/sessions"
SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """A disk with an installation on it, and its application's credentials."""

    disk: Disk
    auth: tuple[str, str]

    def open_session(self, backend: httpx.Client) -> dict[str, Any]:
        body = {"subject_id": "ada", "reason": "Looking at the invoice", "actor": {"id": "kim"}}
        started = backend.post("/api/v1/impersonations", json=body).json()
        token = {"impersonation_token": started["impersonation_token"]}
        answer = backend.post("/api/v1/impersonations/exchange", json=token)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with small_disk(tmp_path) as disk:
        made_in = tmp_path / "made"
        engine = open_installation(Settings(data_dir=made_in))

        def set_up(unit: Unit) -> administer.WithSecret:
            made = administer.create(
                unit,
                name="App",
                vertical=Vertical.CONSUMER,
                settings=ApplicationSettings(impersonation_allowed=True),
                by=SYSTEM,
                origin=Origin(),
            )
            ada = maintain.SubjectFacts(id=SubjectId("ada"), name="Ada")
            maintain.save_subject(unit, made.application, ada, by=SYSTEM, origin=Origin())
            return made

        made = engine.run(set_up)
        engine.close()
        shutil.copytree(made_in, disk.seen, dirs_exist_ok=True)
        yield Place(disk=disk, auth=(made.application.id, made.secret))


def until(found: Any, wanted: object) -> None:
    """Ask ``found`` until it is as ``wanted``."""
    end = time.monotonic() + SECONDS
    while (last := found()) != wanted:
        assert time.monotonic() < end, last


def test_a_session_is_over_on_a_full_disk_and_stays_so_through_a_kill(
    place: Place, tmp_path: Path
) -> None:
    with (
        place.disk.serving() as (service, base),
        httpx.Client(base_url=base, auth=place.auth) as backend,
    ):
        opened = place.open_session(backend)
        other = place.open_session(backend)
        place.disk.fill(service)
        refused = backend.post("/api/v1/impersonations", json={"subject_id": "ada"} | _ASK)
        assert refused.status_code == 503
        answer = backend.post(f"{SESSIONS}/{opened['session']['id']}/revoke")
        assert (answer.status_code, answer.json()["logged"]) == (202, False)
        assert backend.get("/readyz").status_code == 503
    token, other_token = ({"session_token": one["session_token"]} for one in (opened, other))
    with (
        place.disk.serving(full=True) as (service, base),
        httpx.Client(base_url=base, auth=place.auth) as backend,
    ):
        after = backend.post(f"{SESSIONS}/refresh", json=token)
        assert (after.status_code, after.json().get("rule")) == (401, "revoked")
        assert backend.post(f"{SESSIONS}/refresh", json=other_token).status_code == 200
        place.disk.empty(service)
        until(lambda: backend.get("/readyz").status_code, 200)
        assert backend.post(f"{SESSIONS}/refresh", json=token).status_code == 401
    found = shutil.copytree(place.disk.seen, tmp_path / "found")
    engine = open_installation(Settings(data_dir=found))
    types = [entry.type for entry in engine.stream_entries(EntryFilter())]
    assert types.count(EventType.SESSION_REVOKED) == 1
    assert engine.verify().findings == ()
    engine.close()


_ASK = {"reason": "Looking at the invoice", "actor": {"id": "kim"}}
