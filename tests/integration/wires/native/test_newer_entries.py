"""What a newer node has written is shown, exported, followed and verified by this one."""

from __future__ import annotations

import io
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import cast

import pytest

from tests.fixtures import service
from tests.fixtures.service import World
from tests.integration.webhooks.test_delivery import WEBHOOKS, admin, create
from understudy.audit.exports.ndjson import ExportReader, verify_export
from understudy.core.notices.events import SYSTEM, Event, EventType
from understudy.core.people.permissions import Role
from understudy.core.ports import Entry, EntryFilter, Unit

ENTRIES = "/api/v1/audit/entries"
SECONDS = 20.0


class NewerType(StrEnum):
    """A type that this version does not have."""

    POLICY_CHANGED = "policy.changed"


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A service whose log has an entry of a type that it does not know, amid others."""
    async with service.world(tmp_path, database_url) as found:
        await found.open_session()
        found.installation.engine.run(lambda unit: unit.record(_newer(found)))
        await found.open_session()
        yield found


def _newer(world: World) -> Event:
    return Event(
        type=cast(EventType, NewerType.POLICY_CHANGED),
        application_id=world.application.id,
        actor=SYSTEM,
        reason="Nights are quiet",
        details={"policy": "quiet_hours"},
    )


async def test_the_whole_page_is_served(world: World) -> None:
    listed = (await world.backend.get(ENTRIES)).json()["items"]
    kinds = [item["type"] for item in listed]
    around = ["session.started", "grant.created", "policy.changed", "session.started"]
    assert kinds[:4] == around
    (newer,) = [item for item in listed if item["type"] == "policy.changed"]
    assert (newer["reason"], newer["details"]) == ("Nights are quiet", {"policy": "quiet_hours"})
    assert (await world.backend.get(f"{ENTRIES}/{newer['index']}")).json() == newer
    receipt = await world.backend.get(f"{ENTRIES}/{newer['index']}/receipt")
    assert receipt.status_code == 200


async def test_a_page_can_be_asked_for_by_the_newer_type(world: World) -> None:
    found = await world.backend.get(ENTRIES, params={"type": "policy.changed"})
    assert [item["type"] for item in found.json()["items"]] == ["policy.changed"]
    both = {"type": ["policy.changed", "grant.created"]}
    assert len((await world.backend.get(ENTRIES, params=both)).json()["items"]) == 3


async def test_what_no_type_can_be_is_still_refused(world: World) -> None:
    refused = await world.backend.get(ENTRIES, params={"type": "Policy changed"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")


def test_the_table_reads_it_in_every_way(world: World) -> None:
    engine = world.installation.engine
    where = EntryFilter(types=frozenset({"policy.changed"}))
    with engine.reading() as reader:
        (found,) = reader.entries.search(where)
        assert reader.entries.get(found.index) == found
        assert found in reader.entries.after(-1)
        assert reader.entries.after(-1, types=where.types) == [found]
        assert reader.entries.search(replace(where, application_id="app_other")) == []
    assert list(engine.stream_entries(where)) == [found]
    assert found.type == "policy.changed"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("ndjson", '\\"type\\":\\"policy.changed\\"'),
        ("csv", ",policy.changed,"),
        ("ocsf", '"class_uid":0'),
        ("ecs", '"code":"policy.changed"'),
        ("cef", "|policy.changed|Policy changed|"),
    ],
)
async def test_every_export_holds_it_among_all_others(world: World, kind: str, shown: str) -> None:
    ann = await world.operator(Role.AUDITOR)
    answer = await ann.browser.get("/api/v1/audit/export", params={"format": kind})
    assert answer.status_code == 200
    (line,) = [line for line in answer.text.splitlines() if "policy.changed" in line]
    assert shown in line
    header = 1 if kind in ("ndjson", "csv") else 0
    assert len(answer.text.splitlines()) == header + len(world.logged())


async def test_an_export_that_holds_it_verifies(world: World) -> None:
    ann = await world.operator(Role.AUDITOR)
    answer = await ann.browser.get("/api/v1/audit/export")
    engine = world.installation.engine
    (verifier,) = engine.verifiers()
    report = verify_export(ExportReader(io.BytesIO(answer.content)), verifier=verifier, older=())
    assert (report.ok, report.findings) == (True, ())
    assert engine.verify().ok


def test_a_follower_hands_it_over(world: World) -> None:
    engine = world.installation.engine
    seen: list[Entry] = []
    arrived = threading.Event()

    def take(entries: Sequence[Entry]) -> None:
        seen.extend(entries)
        if any(entry.type == "policy.changed" for entry in seen):
            arrived.set()

    follower = engine.follower(take, lambda _: None, types=frozenset())
    follower.start(after=0)
    try:
        assert arrived.wait(SECONDS)
    finally:
        follower.stop()


async def test_a_webhook_that_hears_of_it_can_still_be_changed(world: World) -> None:
    browser = (await admin(world)).browser
    made = (await create(browser, world, "https://hooks.example/u"))["webhook"]

    def choose(unit: Unit) -> None:
        endpoint = unit.webhook_endpoints.get(made["id"])
        assert endpoint is not None
        chosen = frozenset({"policy.changed", "session.started"})
        unit.webhook_endpoints.save(replace(endpoint, types=chosen))
        unit.record(replace(_newer(world), type=EventType.WEBHOOK_UPDATED))

    world.installation.engine.run(choose)
    world.installation.engine.run(lambda unit: unit.record(_newer(world)))
    path = f"{WEBHOOKS}/{made['id']}"
    types = ["policy.changed", "session.started"]
    assert (await browser.get(path)).json()["types"] == types
    told = (await browser.get(f"{path}/deliveries")).json()["items"]
    assert [one["event_type"] for one in told] == ["policy.changed"]
    changed = await browser.patch(path, json={"types": types, "description": "Nights"})
    assert (changed.status_code, changed.json()["types"]) == (200, types)
    unheld = await browser.patch(path, json={"types": ["policy.removed"]})
    assert (unheld.status_code, unheld.json()["field"]) == (422, "types")
