"""A wire that no file of ours knows of: from its token to its session, its webhook and its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.contract.wires import fifth_wire
from tests.contract.wires.fifth_wire import KEY_USE, NAME
from tests.fixtures.refusals import refusal_of
from tests.fixtures.service import REDIRECT_URL, World, client, world
from tests.integration.webhooks.receiver import Receiver, receiving
from understudy import core, flows
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.notices.webhooks import DeliveryStatus, WebhookEndpoint
from understudy.core.people.permissions import Role
from understudy.core.ports import DeliveryFilter, EntryFilter
from understudy.errors import InvalidInput
from understudy.flows.notices import subscribe
from understudy.flows.origin import Origin
from understudy.http.wire import Wire, gathered, shapes
from understudy.keys.session_keys import rotate_jwt_keys
from understudy.service.app import create_app
from understudy.service.table import TABLE

FIVE = (*TABLE, fifth_wire.WIRE)
LAND = "/pigeon/land"
HOSTS = ("127.0.0.1",)


@pytest.fixture
async def loft(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """A service that speaks the fifth wire too, and an application that is handed over by it."""
    async with world(tmp_path, database_url, wires=FIVE, webhook_allowed_hosts=HOSTS) as found:
        found.change_settings(hand_off=NAME, wires={NAME: {"motto": "home by dusk"}})
        yield found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def subscribed(loft: World, url: str) -> WebhookEndpoint:
    """An endpoint that hears in the wire's own format."""
    node = loft.app.node
    return node.engine.run(
        lambda unit: subscribe.create(
            unit,
            loft.application.id,
            url=url,
            description="",
            format=NAME,
            formats=node.wires.formats,
            types=None,
            personal=False,
            internal=node.settings.internal_targets,
            by=SYSTEM,
            origin=Origin(),
        )
    ).endpoint


async def landed(loft: World, token: str) -> httpx.Response:
    return await loft.backend.post(LAND, json={"token": token})


def details(loft: World, kind: EventType) -> Any:
    engine = loft.installation.engine
    entries = list(engine.stream_entries(EntryFilter(types=frozenset({kind}))))
    return (entries[-1].core or {})["details"]


async def test_from_a_token_to_a_session_to_a_webhook(loft: World, receiver: Receiver) -> None:
    subscribed(loft, receiver.url)
    started = await loft.start()
    answer = await landed(loft, started["impersonation_token"])
    assert answer.status_code == 200, answer.text
    opened = answer.json()
    assert opened["subject_id"] == "ada"
    received = receiver.next()
    assert received.body.decode() == f"session.started {opened['session_id']}"
    assert received.headers["content-type"] == "text/plain"
    asked = {"session_token": opened["session_token"]}
    refreshed = await loft.backend.post("/api/v1/sessions/refresh", json=asked)
    assert refreshed.json()["session"]["id"] == opened["session_id"]
    revoked = await loft.backend.post(f"/api/v1/sessions/{opened['session_id']}/revoke")
    assert revoked.status_code == 200
    assert receiver.next().body.decode() == f"session.revoked {opened['session_id']}"


async def test_its_notes_are_signed_by_a_key_of_their_own_and_rotate(loft: World) -> None:
    started = await loft.start()
    note = (await landed(loft, started["impersonation_token"])).json()["note"]
    node = loft.app.node
    with node.engine.reading() as reader:
        (key,) = node.session_keys.published(
            reader, [loft.application.id], node.clock(), use=KEY_USE
        )
    read = jwt.decode(note, RSAKey.import_key(dict(key)), algorithms=["RS256"])
    assert read.claims == {"sub": "ada", "act": {"sub": "kim"}, "motto": "home by dusk"}
    uses = gathered(FIVE).key_uses
    rotated = rotate_jwt_keys(node.engine, uses=uses, overlap=timedelta(0), by=SYSTEM)
    assert rotated[KEY_USE].keys() == {loft.application.id}


async def test_its_token_lives_as_long_as_it_says_and_its_replay_ends_nothing(
    loft: World,
) -> None:
    clock = loft.installation.clock
    early, late = [(await loft.start())["impersonation_token"] for _ in range(2)]
    clock.forward(seconds=90, milliseconds=-1)
    opened = (await landed(loft, early)).json()
    clock.forward(milliseconds=1)
    for token in (late, early):
        refused = await landed(loft, token)
        assert (refused.status_code, refused.text) == (401, "lost: token_invalid")
    assert loft.logged()[-2:] == [EventType.TOKEN_REFUSED, EventType.TOKEN_REPLAYED]
    asked = {"session_token": opened["session_token"]}
    assert (await loft.backend.post("/api/v1/sessions/refresh", json=asked)).status_code == 200


async def test_its_errors_look_like_its_own_where_no_endpoint_is(loft: World) -> None:
    answer = await loft.stranger.get("/pigeon/nowhere")
    assert (answer.status_code, answer.text) == (404, "lost: not_found")


async def test_a_launch_leads_where_its_hand_off_says(loft: World) -> None:
    sam = await loft.operator(Role.SUPPORT_MANAGER)
    ask = {
        "application_id": loft.application.id,
        "subject_id": "ada",
        "reason": "Looking at the missing invoice",
    }
    async with sam.browser as browser:
        started = (await browser.post("/api/v1/impersonations", json=ask)).json()
        answer = await browser.post(f"/api/v1/grants/{started['grant']['id']}/launch", json={})
    url = answer.json()["url"]
    assert url.startswith(f"{REDIRECT_URL}?pigeon=usi_")
    assert (await landed(loft, url.partition("=")[2])).status_code == 200


async def test_its_setting_is_checked_told_and_kept_by_those_who_do_not_know_it(
    loft: World,
) -> None:
    assert details(loft, EventType.APPLICATION_UPDATED)["pigeon_motto"] == "home by dusk"
    with refusal_of(InvalidInput, "invalid_input"):
        loft.change_settings(wires={NAME: {"motto": "x" * 21}})
    admin = await loft.operator(Role.ADMIN, email="mara@support.example")
    path = f"/api/v1/applications/{loft.application.id}"
    async with admin.browser as browser:
        changed = await browser.patch(path, json={"settings": {"browser_sdk": True}})
    assert changed.status_code == 200, changed.text
    with loft.installation.engine.reading() as reader:
        stored = reader.applications.get(loft.application.id)
    assert stored is not None
    assert stored.settings.wires == {
        NAME: {"motto": "home by dusk"},
        "stytch": {"browser_sdk": True},
    }
    assert stored.settings.hand_off == NAME


async def test_a_node_without_it_takes_no_token_launches_nothing_and_keeps_the_messages(
    loft: World, receiver: Receiver
) -> None:
    engine = loft.installation.engine
    token = (await loft.start())["impersonation_token"]
    endpoint = subscribed(loft, receiver.url)
    await loft.app.stop()
    older = create_app(engine, loft.installation.database, loft.app.node.settings)
    await older.start()
    try:
        auth = (loft.application.id, loft.secret)
        async with client(older, auth=auth) as backend:
            asked: dict[str, Any] = {"impersonation_token": token}
            refused = await backend.post("/api/v1/impersonations/exchange", json=asked)
            assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
            assert (await backend.post(LAND, json={"token": token})).status_code == 404
            ask = {"subject_id": "ada", "reason": "Looking at it", "actor": {"id": "kim"}}
            conflict = await backend.post("/api/v1/impersonations", json=ask)
            assert (conflict.status_code, conflict.json()["code"]) == (409, "conflict")
            native = await backend.post("/api/v1/impersonations", json=ask | {"wire": "native"})
            asked = {"impersonation_token": native.json()["impersonation_token"]}
            opened = await backend.post("/api/v1/impersonations/exchange", json=asked)
            assert opened.status_code == 200
    finally:
        await older.stop()
    where = DeliveryFilter(endpoint_id=endpoint.id)
    with engine.reading() as reader:
        (waiting,) = reader.deliveries.search(where)
    assert (waiting.status, waiting.attempts) == (DeliveryStatus.PENDING, 0)
    await loft.app.start()
    session_id = opened.json()["session"]["id"]
    assert receiver.next().body.decode() == f"session.started {session_id}"


def test_no_two_wires_share_a_name_of_anything() -> None:
    for again in (
        fifth_wire.WIRE,
        Wire(name="sixth", endpoints=(), token_kinds=(fifth_wire.TOKEN,)),
        Wire(name="sixth", endpoints=(), key_uses=(KEY_USE,)),
        replace(fifth_wire.WIRE, name="sixth", token_kinds=(), key_uses=(), hand_offs=()),
    ):
        with pytest.raises(ValueError, match="two wires bring"):
            gathered((*FIVE, again))
    with pytest.raises(ValueError, match="two wires bring /pigeon/"):
        shapes((*FIVE, fifth_wire.WIRE))


def test_the_longest_beginning_of_a_path_says_how_errors_look() -> None:
    lengths = [len(start) for start in shapes(FIVE)]
    assert lengths == sorted(lengths, reverse=True)


def test_the_domain_and_the_use_cases_name_no_vendor() -> None:
    rooms = [Path(room.__file__ or "").parent for room in (core, flows)]
    texts = {path: path.read_text().lower() for room in rooms for path in room.rglob("*.py")}
    assert len(texts) > 50
    vendors = ("stytch", "clerk")
    assert [str(path) for path, text in texts.items() if any(one in text for one in vendors)] == []
