"""Users of an embedded app are changed in its own table, whichever wire asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.fixtures.embedded import MOUNT, ORIGIN, Shop, open_shop
from understudy import Understudy
from understudy.core.applications.application import Vertical
from understudy.core.notices.events import SYSTEM
from understudy.core.ports import EntryFilter, Unit
from understudy.embedded.link import installation_of
from understudy.embedded.plan import APPLICATION_ID
from understudy.flows.applications.administer import rotate_secret
from understudy.flows.origin import Origin

Calls = tuple[tuple[str, str, object], ...]
USER = {"email_address": ["eve@shop.example"]}
CLERK: Calls = (
    ("POST", "/users", USER),
    ("PATCH", "/users/ada", {"first_name": "Eve"}),
    ("PATCH", "/users/ada/metadata", {"public_metadata": {}}),
    ("DELETE", "/users/ada", None),
    ("POST", "/users/ada/ban", None),
    ("POST", "/users/ada/unban", None),
)
CONSUMER: Calls = (
    ("POST", "/users", {"email": "eve@shop.example"}),
    ("PUT", "/users/ada", {"name": {"first_name": "Eve"}}),
    ("DELETE", "/users/ada", None),
    ("DELETE", "/users/ada/external_id", None),
)
B2B: Calls = (
    ("POST", "/organizations", {"organization_name": "Acme"}),
    ("PUT", "/organizations/acme", {"organization_name": "Acme"}),
    ("DELETE", "/organizations/acme", None),
    ("DELETE", "/organizations/acme/external_id", None),
    ("POST", "/organizations/acme/members", {"email_address": "eve@shop.example"}),
    ("PUT", "/organizations/acme/members/ada", {"name": "Eve"}),
    ("DELETE", "/organizations/acme/members/ada", None),
    ("DELETE", "/organizations/acme/members/ada/external_id", None),
    ("PUT", "/organizations/acme/members/ada/reactivate", None),
)


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Understudy]]:
    """Somebody with the application's secret, which embedding apps do without."""
    async with open_shop(tmp_path / "data", Shop()) as (app, understudy):
        rotated = installation_of(understudy).engine().run(_with_secret)
        secret = (APPLICATION_ID, rotated)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=secret) as client:
            yield client, understudy


def _with_secret(unit: Unit) -> str:
    overlap = timedelta()
    return rotate_secret(unit, APPLICATION_ID, overlap=overlap, by=SYSTEM, origin=Origin()).secret


def _entries(understudy: Understudy) -> int:
    return len(list(installation_of(understudy).engine().stream_entries(EntryFilter())))


async def test_clerks_wire_changes_none_of_them(
    backend: tuple[httpx.AsyncClient, Understudy],
) -> None:
    client, understudy = backend
    secret = installation_of(understudy).engine().run(_with_secret)
    before = _entries(understudy)
    for method, path, body in CLERK:
        refused = await client.request(
            method,
            f"{MOUNT}/clerk/v1{path}",
            json=body,
            auth=None,
            headers={"authorization": f"Bearer {secret}"},
        )
        (error,) = refused.json()["errors"]
        found = (refused.status_code, error["code"], error["meta"].get("rule"))
        assert found == (409, "resource_conflict", "managed_by_app"), path
    assert _entries(understudy) == before


@pytest.mark.parametrize("vertical", Vertical)
async def test_stytchs_wire_changes_none_of_them(
    backend: tuple[httpx.AsyncClient, Understudy], vertical: Vertical
) -> None:
    client, understudy = backend

    def of_this_kind(unit: Unit) -> None:
        known = unit.applications.get(APPLICATION_ID)
        assert known is not None
        unit.applications.save(replace(known, vertical=vertical))

    installation_of(understudy).engine().run(of_this_kind)
    before = _entries(understudy)
    base, calls = ("/v1", CONSUMER) if vertical is Vertical.CONSUMER else ("/v1/b2b", B2B)
    for method, path, body in calls:
        refused = await client.request(method, f"{MOUNT}{base}{path}", json=body)
        told = refused.json()
        assert (refused.status_code, told["error_type"]) == (409, "managed_by_app"), (path, told)
    assert _entries(understudy) == before
