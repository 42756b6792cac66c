"""Introspection (RFC 7662) and revocation (RFC 7009)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest

from tests.fixtures import service
from tests.fixtures.service import BASE, OtherApplication, World
from tests.integration.wires.oauth.test_token_calls import posted, redeeming, refused, token_of
from understudy.core.notices.events import SYSTEM, EventType
from understudy.core.people.principals import Status
from understudy.errors import LogUnwritable, StorageBusy
from understudy.flows.applications import administer
from understudy.flows.origin import Origin
from understudy.storage.endings.slots import SlotFile

INTROSPECT = "/oauth2/introspect"
REVOKE = "/oauth2/revoke"
INACTIVE = {"active": False}


async def both(world: World, **changes: Any) -> tuple[str, str]:
    """A session's JWT and its session token."""
    made = (await posted(world.backend, redeeming(await token_of(world, **changes)))).json()
    return made["access_token"], made["refresh_token"]


async def told(client: httpx.AsyncClient, token: str, **more: str) -> dict[str, Any]:
    answer = await client.post(INTROSPECT, data={"token": token, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return dict(answer.json())


async def revoked(client: httpx.AsyncClient, token: str, **more: str) -> None:
    answer = await client.post(REVOKE, data={"token": token, **more})
    assert (answer.status_code, answer.content) == (200, b"")


async def test_both_halves_of_a_session_are_active(world: World) -> None:
    access, session = await both(world)
    of_jwt, of_session = await told(world.backend, access), await told(world.backend, session)
    issued = int(world.installation.clock.now.timestamp())
    shared = {
        "active": True,
        "iss": BASE,
        "sub": "ada",
        "aud": world.application.id,
        "client_id": world.application.id,
        "sid": of_jwt["sid"],
        "scope": "full",
        "act": {"iss": f"{BASE}/applications/{world.application.id}", "sub": "kim"},
        "understudy": of_jwt["understudy"],
        "iat": issued,
    }
    assert of_jwt == shared | {
        "nbf": issued,
        "exp": issued + 300,
        "jti": of_jwt["jti"],
        "token_type": "Bearer",
    }
    assert of_session == shared | {"exp": issued + 30 * 60}
    assert of_jwt["understudy"].keys() == {"grant", "organization", "session_exp"}


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "of_another_kind"])
async def test_hints_are_not_needed(world: World, hint: str) -> None:
    for token in await both(world):
        assert (await told(world.backend, token, token_type_hint=hint))["active"]


async def test_a_jwt_is_over_after_five_minutes_and_the_session_is_not(world: World) -> None:
    access, session = await both(world)
    world.installation.clock.forward(minutes=5)
    assert await told(world.backend, access) == INACTIVE
    assert (await told(world.backend, session))["active"]


async def test_looking_is_no_sign_of_life(world: World) -> None:
    _, session = await both(world)
    world.installation.clock.forward(minutes=9)
    assert (await told(world.backend, session))["active"]
    world.installation.clock.forward(minutes=1)
    assert await told(world.backend, session) == INACTIVE
    assert world.logged()[-1] == EventType.SESSION_EXPIRED


@pytest.mark.parametrize("token", ["x", "uss_unknown", "a.b.c", "..", "\u2603", "x" * 20_000])
async def test_what_nobody_knows_is_not_active(world: World, token: str) -> None:
    assert await told(world.backend, token) == INACTIVE


async def test_an_impersonation_token_is_no_session(world: World) -> None:
    token = await token_of(world)
    assert await told(world.backend, token) == INACTIVE
    await revoked(world.backend, token)
    assert (await posted(world.backend, redeeming(token))).status_code == 200


async def test_another_application_learns_nothing_and_ends_nothing(world: World) -> None:
    shop = world.other_application().backend
    for token in await both(world):
        assert await told(shop, token) == INACTIVE
        await revoked(shop, token)
        assert (await told(world.backend, token))["active"]


async def test_what_ended_elsewhere_is_not_active(world: World) -> None:
    access, session = await both(world)
    sid = (await told(world.backend, access))["sid"]
    await world.backend.post(f"/api/v1/sessions/{sid}/end")
    for token in (access, session):
        assert await told(world.backend, token) == INACTIVE


async def test_a_fallen_premise_ends_the_session_when_somebody_looks(world: World) -> None:
    access, session = await both(world)
    world.change_settings(blocked_actions=())
    await world.backend.put("/api/v1/subjects/ada", json={"disabled": True})
    for token in (access, session):
        assert await told(world.backend, token) == INACTIVE
    assert EventType.SESSION_REVOKED in world.logged()


@pytest.mark.parametrize("half", [0, 1])
async def test_revoking_either_half_ends_the_whole_session(world: World, half: int) -> None:
    tokens = await both(world)
    await revoked(world.backend, tokens[half])
    assert world.logged()[-1] == EventType.SESSION_REVOKED
    for token in tokens:
        assert await told(world.backend, token) == INACTIVE
    form = {"grant_type": "refresh_token", "refresh_token": tokens[1]}
    assert refused(await posted(world.backend, form)) == (400, "invalid_grant")


async def test_revoking_again_or_nothing_is_answered_alike(world: World) -> None:
    access, session = await both(world)
    for token in (session, session, access, "uss_unknown", "a.b.c", "x" * 20_000):
        await revoked(world.backend, token, token_type_hint="whatever")
    assert world.logged().count(EventType.SESSION_REVOKED) == 1


async def test_a_jwt_that_has_expired_still_says_which_session_to_end(world: World) -> None:
    access, session = await both(world)
    world.installation.clock.forward(minutes=6)
    await revoked(world.backend, access)
    assert await told(world.backend, session) == INACTIVE


@contextmanager
def refusing(world: World, error: type[Exception]) -> Iterator[None]:
    """Nothing can be written."""

    def fail(*_: object, **__: object) -> int:
        raise error

    with patch.object(type(world.installation.engine.writer), "submit_all", fail):
        yield


@pytest.mark.parametrize("error", [StorageBusy, LogUnwritable])
async def test_a_revocation_that_cannot_be_logged_takes_effect(
    world: World, error: type[Exception]
) -> None:
    access, session = await both(world)
    with refusing(world, error):
        answer = await world.backend.post(REVOKE, data={"token": session})
        assert answer.status_code == 200
        assert await told(world.backend, access) == INACTIVE


@pytest.mark.parametrize("error", [StorageBusy, LogUnwritable])
async def test_a_revocation_that_no_disk_keeps_takes_effect_and_says_when_to_come_back(
    world: World, error: type[Exception]
) -> None:
    access, session = await both(world)
    with refusing(world, error), patch.object(SlotFile, "put", side_effect=OSError(28, "full")):
        answer = await world.backend.post(REVOKE, data={"token": session})
        assert refused(answer) == (503, "temporarily_unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert await told(world.backend, access) == INACTIVE


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
async def test_clients_sign_in_by_header_or_form(world: World, path: str) -> None:
    form = {"token": "uss_unknown"}
    ours = {"client_id": world.application.id, "client_secret": world.secret}
    assert (await world.stranger.post(path, data=form | ours)).status_code == 200
    assert refused(await world.backend.post(path, data=form | ours)) == (400, "invalid_request")
    wrong = [
        await world.stranger.post(path, data=form),
        await world.stranger.post(path, data=form | ours | {"client_secret": "usk_wrong"}),
        await world.stranger.post(path, data=form, auth=("app_unknown", world.secret)),
        await world.stranger.post(path, data=form, headers={"authorization": "Bearer x"}),
        await world.backend.post(path, data=form | {"client_id": "app_other"}),
    ]
    for answer in wrong:
        assert refused(answer) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"token=", "application/x-www-form-urlencoded", 400),
        (b"token=a&token=b", "application/x-www-form-urlencoded", 400),
        (b"token=%00", "application/x-www-form-urlencoded", 400),
        (b"token=%ff", "application/x-www-form-urlencoded", 400),
        (b'{"token":"a"}', "application/json", 415),
        (b"token=" + b"a" * 100_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_mistakes_are_told_as_oauth_tells_them(
    world: World, path: str, content: bytes, media: str, status: int
) -> None:
    answer = await world.backend.post(path, content=content, headers={"content-type": media})
    assert refused(answer) == (status, "invalid_request")


@pytest.mark.parametrize("path", ["/oauth2/token", INTROSPECT, REVOKE])
async def test_a_wrong_method_is_told_in_the_same_shape(world: World, path: str) -> None:
    answer = await world.backend.get(path)
    assert refused(answer) == (405, "invalid_request")
    assert answer.headers["allow"] == "OPTIONS, POST"


async def test_a_disabled_application_is_nobody(world: World) -> None:
    shop: OtherApplication = world.other_application()
    off = replace(shop.application, status=Status.DISABLED)
    world.installation.engine.run(
        lambda unit: administer.update(unit, off, by=SYSTEM, origin=Origin())
    )
    answer = await shop.backend.post(INTROSPECT, data={"token": "uss_unknown"})
    assert refused(answer) == (401, "invalid_client")


async def test_the_whole_way_is_the_same_on_every_database(
    tmp_path: Path, database_url: str
) -> None:
    async with service.world(tmp_path, database_url) as world:
        access, session = await both(world)
        for token in (access, session):
            assert (await told(world.backend, token))["active"]
        form = {"grant_type": "refresh_token", "refresh_token": session}
        fresh = (await posted(world.backend, form)).json()["access_token"]
        await revoked(world.backend, fresh)
        for token in (access, session, fresh):
            assert await told(world.backend, token) == INACTIVE
