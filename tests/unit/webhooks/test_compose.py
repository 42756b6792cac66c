"""What a delivery says, at the edges that no running service comes to by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.storage.test_webhooks import delivery
from tests.fixtures.names import look_up_nobody
from tests.fixtures.service import World, world
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.notices.receivers import NOTHING_INTERNAL
from understudy.core.notices.webhooks import Delivery, DeliveryKind, EndpointStatus
from understudy.core.people.permissions import Role
from understudy.core.ports import EntryFilter, KeyUse
from understudy.errors import Unavailable
from understudy.flows.notices import subscribe
from understudy.flows.notices.messages import Outgoing
from understudy.flows.origin import Origin
from understudy.service.table import WIRES
from understudy.webhooks.compose import Composer, subject_of


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    look_up_nobody(monkeypatch)
    async with world(tmp_path) as found:
        found.change_settings(logout_url="https://app.example/logout")
        opened = await found.open_session()
        await found.backend.post(f"/api/v1/sessions/{opened['session']['id']}/end")
        yield found


def compose(service: World, **changes: Any) -> Outgoing | None:
    """The message about the end of the session."""
    types = frozenset({EventType.SESSION_ENDED})
    with service.installation.engine.reading() as reader:
        (ended,) = reader.entries.search(EntryFilter(types=types))
    asked = {
        "application_id": service.application.id,
        "endpoint_id": None,
        "kind": DeliveryKind.LOGOUT,
        "entry_index": ended.index,
    }
    one: Delivery = delivery(**(asked | changes))
    return Composer(service.app.node).compose(one)


def endpoint_id(service: World, **changes: Any) -> str:
    def make(unit: Any) -> str:
        made = subscribe.create(
            unit,
            service.application.id,
            url="https://hooks.example/",
            description="",
            format="native",
            formats=WIRES.formats,
            types=None,
            personal=False,
            internal=NOTHING_INTERNAL,
            by=SYSTEM,
            origin=Origin(),
        ).endpoint
        unit.webhook_endpoints.save(replace(made, **changes))
        return made.id

    return str(service.installation.engine.run(make))


async def test_a_logout_goes_to_the_applications_url_and_shows_what_it_says(service: World) -> None:
    found = compose(service)
    assert found is not None
    assert found.url == "https://app.example/logout"
    assert found.body.startswith(b"logout_token=")
    assert '"sub":"ada"' in found.shown
    assert found.body.decode().partition("=")[2].split(".")[2] not in found.shown


async def test_the_key_of_logout_tokens_is_made_once(service: World) -> None:
    for _ in range(2):
        assert compose(service) is not None
    with service.installation.engine.reading() as reader:
        assert len(reader.signing_keys.of(KeyUse.LOGOUT, service.application.id)) == 1


async def test_there_is_nobody_to_tell_when_the_receiver_is_gone(service: World) -> None:
    asked = {"kind": DeliveryKind.MESSAGE, "endpoint_id": endpoint_id(service)}
    assert compose(service, **asked) is not None
    disabled = endpoint_id(service, status=EndpointStatus.DISABLED)
    assert compose(service, **asked | {"endpoint_id": disabled}) is None
    assert compose(service, **asked | {"endpoint_id": "whe_unknown"}) is None
    assert compose(service, application_id="app_unknown") is None
    service.change_settings(logout_url=None)
    assert compose(service) is None


async def test_there_is_nothing_to_tell_without_an_entry(service: World) -> None:
    own = endpoint_id(service)
    for asked in (
        {"entry_index": None},
        {"entry_index": 10_000},
        {"entry_index": 0},
        {"kind": DeliveryKind.MESSAGE, "endpoint_id": own, "entry_index": 10_000},
        {"kind": DeliveryKind.MESSAGE, "endpoint_id": own, "entry_index": None},
    ):
        assert compose(service, **asked) is None
    stytch = endpoint_id(service, format="stytch")
    assert compose(service, kind=DeliveryKind.MESSAGE, endpoint_id=stytch) is None
    test = compose(service, kind=DeliveryKind.TEST, endpoint_id=own, entry_index=None)
    assert test is not None
    assert '"webhook.test"' in test.shown


async def test_somebody_else_who_got_the_id_since_is_not_shown_in_their_place(
    service: World,
) -> None:
    types = frozenset({EventType.SESSION_STARTED})
    with service.installation.engine.reading() as reader:
        (started,) = reader.entries.search(EntryFilter(types=types))
    own = endpoint_id(service, format="stytch", personal=True)
    asked = {"kind": DeliveryKind.MESSAGE, "endpoint_id": own, "entry_index": started.index}
    shown = compose(service, **asked)
    assert shown is not None
    assert "ada@acme.example" in shown.shown
    node = service.app.node
    other = replace(started, core={**(started.core or {}), "subject_ref": "sub_of_before"})
    with node.engine.reading() as reader:
        assert subject_of(reader, service.application, started) is not None
        assert subject_of(reader, service.application, other) is None
        nameless = replace(started, personal=None)
        assert subject_of(reader, service.application, nameless) is None
        assert subject_of(reader, service.application, None) is None


async def test_a_logout_url_that_would_never_be_called_is_refused(service: World) -> None:
    browser = (await service.operator(Role.ADMIN)).browser
    path = f"/api/v1/applications/{service.application.id}"
    for url in ("https://localhost/", "http://127.0.0.1/", "https://169.254.169.254/"):
        refused = await browser.patch(path, json={"settings": {"logout_url": url}})
        assert (refused.status_code, refused.json()["field"]) == (422, "logout_url")
        body = {"name": "New", "settings": {"logout_url": url}}
        made = await browser.post("/api/v1/applications", json=body)
        assert (made.status_code, made.json()["field"]) == (422, "logout_url")
    for change in ({"logout_url": None}, {"logout_url": "https://app.example/out"}, {}):
        taken = await browser.patch(path, json={"settings": change})
        assert taken.status_code == 200, taken.text


async def test_a_format_that_nobody_here_knows_is_not_composed_and_not_withdrawn(
    service: World,
) -> None:
    own = endpoint_id(service, format="fifth")
    with pytest.raises(Unavailable) as refused:
        compose(service, kind=DeliveryKind.MESSAGE, endpoint_id=own)
    assert refused.value.code == "unavailable"
