"""The subject as one of the app's own users, and nobody else."""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
from collections.abc import Awaitable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fixtures.impersonation import SESSION
from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.contrib.asgi.identity import OverlaidScope, Users
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.asked_by import PINNED
from understudy.sdk.values import Phase, Subject
from understudy.testing import FakeGateway

SUBJECT = SESSION.subject


@dataclass
class User:
    """A user of some app."""

    id: int


def load(subject: Subject) -> User:
    return User(int(subject.id))


async def load_async(subject: Subject) -> User:
    return User(int(subject.id))


class Loader:
    """A loader with a state of its own."""

    async def __call__(self, subject: Subject) -> User:
        return User(int(subject.id))


def load_awaitable(subject: Subject) -> Awaitable[User]:
    return load_async(subject)


LOADERS = [load, load_async, Loader(), functools.partial(load_async), load_awaitable]


@pytest.mark.parametrize("loader", LOADERS)
def test_users_are_loaded_by_plain_and_async_callables(loader: Any) -> None:
    assert asyncio.run(Users(loader).load(SUBJECT)) == User(42)


def test_a_plain_loader_does_not_hold_up_the_event_loop() -> None:
    threads: list[int] = []

    def slow(subject: Subject) -> User:
        threads.append(threading.get_ident())
        return load(subject)

    asyncio.run(Users(slow).load(SUBJECT))
    assert threads != [threading.get_ident()]


def test_without_a_loader_there_is_no_user() -> None:
    users = Users(None)
    assert asyncio.run(users.load(SUBJECT)) is None
    assert users.pinned(None) == {}


def test_credentials_say_no_more_than_that_somebody_is_signed_in() -> None:
    from starlette.authentication import AuthCredentials

    auth = Users(load).pinned(User(42))["auth"]
    assert isinstance(auth, AuthCredentials)
    assert auth.scopes == ["authenticated"]


def test_the_app_may_give_the_subjects_own_credentials() -> None:
    users = Users(load, load_auth=lambda user: f"rights of {user.id}")
    assert users.pinned(User(42)) == {"user": User(42), "auth": "rights of 42"}


def test_pinned_keys_of_a_scope_stay() -> None:
    scope = OverlaidScope({"user": "agent", "path": "/"}, {"user": "subject"})
    scope["user"] = "agent"
    scope.update({"user": "agent", "path": "/a"}, root_path="/b")
    assert scope == {"user": "subject", "path": "/a", "root_path": "/b"}


def test_the_effective_user_is_wherever_the_app_may_look(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo()
    guarded(app, load_user=load).get("/", gateway.open(subject_id="42").headers)
    scope, impersonation = app.scopes[0], app.as_whom[0]
    assert impersonation is not None
    assert scope["user"] == scope["state"]["understudy_user"] == impersonation.user == User(42)
    assert scope[PINNED] is impersonation


def test_a_user_who_is_gone_ends_the_session(gateway: FakeGateway, guarded: Guarded) -> None:
    app, session = Echo(), gateway.open()
    browser = guarded(app, load_user=lambda _: None)
    answer = browser.get("/", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_not_applied")
    assert app.scopes == []
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED
    assert browser.get("/", session.headers).status_code == 401


def test_another_user_ends_the_session(gateway: FakeGateway, guarded: Guarded) -> None:
    app, session = Echo(), gateway.open(subject_id="42")
    answer = guarded(app, load_user=lambda _: User(1)).post("/", session.headers)
    assert answer.status_code == 401
    assert app.scopes == []
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_a_loader_that_fails_serves_nobody(gateway: FakeGateway, guarded: Guarded) -> None:
    app = Echo()

    def fail(subject: Subject) -> User:
        raise ConnectionError("database")

    with pytest.raises(ConnectionError):
        guarded(app, load_user=fail).get("/", gateway.open().headers)
    assert app.scopes == []


def test_an_app_that_finds_somebody_else_by_itself_ends_the_session(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open(subject_id="42")
    app = Echo(b"secrets of the agent", look=lambda scope: scope.update(user=User(7)))
    answer = guarded(app).get("/", session.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "identity_not_applied")
    assert "secrets" not in answer.text
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED
    (action,) = gateway.actions(session.id)
    assert (action.phase, action.rule) == (Phase.BLOCKED, "identity_not_applied")


def test_an_app_that_finds_the_subject_by_itself_is_served(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    app = Echo(look=lambda scope: scope.update(user=User(42)))
    assert guarded(app).get("/", gateway.open(subject_id="42").headers).status_code == 200


def test_a_plain_loader_leaves_no_database_connection_of_django_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed: list[int] = []
    used: list[int] = []
    database = SimpleNamespace(close_old_connections=lambda: closed.append(threading.get_ident()))
    settings = SimpleNamespace(settings=SimpleNamespace(configured=True))
    monkeypatch.setitem(sys.modules, "django.db", database)
    monkeypatch.setitem(sys.modules, "django.conf", settings)

    def loader(subject: Subject) -> User:
        used.append(threading.get_ident())
        return load(subject)

    asyncio.run(Users(loader).load(SUBJECT))
    assert closed == used != []
