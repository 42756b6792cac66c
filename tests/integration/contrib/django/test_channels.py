"""Consumers of Channels in a session: whom they serve, and what becomes of the agent's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.auth import AuthMiddlewareStack as ChannelsStack
from channels.generic.websocket import AsyncJsonWebsocketConsumer, JsonWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import override_settings

from tests.fixtures.django_project import Browser, project
from understudy import current_impersonation
from understudy.contrib.asgi import UnderstudyMiddleware
from understudy.contrib.django.channels import AuthMiddlewareStack, guard_options
from understudy.testing import FakeGateway, FakeSession

Stack = Callable[[Any], Any]


class Says(JsonWebsocketConsumer):  # type: ignore[misc]
    def receive_json(self, content: Any) -> None:
        found = current_impersonation()
        user = self.scope["user"]
        self.send_json([user.username, found.actor.id if found else None])


class SaysAsync(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    async def receive_json(self, content: Any) -> None:
        found = current_impersonation()
        await self.send_json([self.scope["user"].username, found.actor.id if found else None])


class Silent(JsonWebsocketConsumer):  # type: ignore[misc]
    def receive_json(self, content: Any) -> None:
        self.send_json("hello")


class Shop:
    def __init__(self, gateway: FakeGateway) -> None:
        from django.contrib.auth.models import User

        self.ada = User.objects.create_user("ada")
        self.kim = User.objects.create_user("kim", is_staff=True)
        self.gateway = gateway
        self.session = gateway.open(subject_id=str(self.ada.pk))
        self.login = Browser(self.kim).cookies["sessionid"].value


@pytest.fixture
def shop(tmp_path: Path, gateway: FakeGateway) -> Iterator[Shop]:
    with project(tmp_path, urls="tests.integration.contrib.django.admin_urls", gateway=gateway):
        yield Shop(gateway)


def rows() -> list[Any]:
    from django.contrib.sessions.models import Session

    return list(Session.objects.values_list("session_key", "session_data", "expire_date"))


def rotated_keys() -> Any:
    """The site has a new key, and still reads what the old one has signed."""
    return override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY])


async def said_by(
    consumer: Any,
    shop: Shop,
    session: FakeSession | None,
    stack: Stack = AuthMiddlewareStack,
    options: Any = None,
) -> Any:
    """What a consumer says to Kim's browser, in ``session`` if there is one."""
    cookies = [f"sessionid={shop.login}"]
    headers = [(b"host", b"app.localhost"), (b"origin", b"http://app.localhost")]
    if session is not None:
        cookies.append(session.headers["Cookie"])
        headers.append((b"understudy-page", session.id.encode()))
    headers.append((b"cookie", "; ".join(cookies).encode()))
    app = UnderstudyMiddleware(stack(consumer.as_asgi()), **(options or guard_options()))
    socket = WebsocketCommunicator(app, "/live", headers=headers)
    connected, _ = await socket.connect()
    assert connected
    await socket.send_json_to("who?")
    answer = await socket.receive_json_from()
    await socket.disconnect()
    return answer


@pytest.fixture(params=[Says, SaysAsync])
def consumer(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=[AuthMiddlewareStack, ChannelsStack], ids=["ours", "theirs"])
def stack(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_consumers_serve_the_subject_and_know_who_asks(
    shop: Shop, consumer: Any, stack: Stack
) -> None:
    assert await said_by(consumer, shop, shop.session, stack) == ["ada", "opr_sam"]


async def test_a_user_without_a_session_is_served_as_ever(
    shop: Shop, consumer: Any, stack: Stack
) -> None:
    assert await said_by(consumer, shop, None, stack) == ["kim", None]


def test_the_agents_own_session_outlives_a_change_of_keys(shop: Shop, stack: Stack) -> None:
    before = rows()
    with rotated_keys():
        assert asyncio.run(said_by(Says, shop, shop.session, stack)) == ["ada", "opr_sam"]
        assert rows() == before
        # What Channels does without a session, and must not be brought to do in one.
        assert asyncio.run(said_by(Says, shop, None, stack)) == ["", None]
    assert rows() == []


def test_ours_does_not_look_at_the_agents_session_even_where_it_is_shown(shop: Shop) -> None:
    before, options = rows(), {**guard_options(), "own_cookies": ()}
    with rotated_keys():
        said = asyncio.run(said_by(Says, shop, shop.session, options=options))
    assert said == ["ada", "opr_sam"]
    assert rows() == before


async def test_a_consumer_that_asks_is_told_from_one_that_does_not(shop: Shop) -> None:
    understudy = guard_options()["understudy"]
    await said_by(Says, shop, shop.session)
    assert understudy.served_unasked() == {}
    await said_by(Silent, shop, shop.session)
    assert understudy.served_unasked() == {"WEBSOCKET /live": 1}


async def test_a_consumer_is_let_go_of_when_the_session_is_over(shop: Shop) -> None:
    app = UnderstudyMiddleware(AuthMiddlewareStack(Says.as_asgi()), **guard_options())
    headers = [
        (b"host", b"app.localhost"),
        (b"origin", b"http://app.localhost"),
        (b"understudy-page", shop.session.id.encode()),
        (b"cookie", shop.session.headers["Cookie"].encode()),
    ]
    socket = WebsocketCommunicator(app, "/live", headers=headers)
    await socket.connect()
    shop.gateway.wait_for_followers()
    shop.gateway.revoke(shop.session.id)
    closed = await socket.receive_output()
    assert (closed["type"], closed["code"]) == ("websocket.close", 4401)
