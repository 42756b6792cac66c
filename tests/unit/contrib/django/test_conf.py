"""What may stand in ``settings.UNDERSTUDY``."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from tests.fixtures.refusals import refusal_of
from understudy.contrib.django import conf
from understudy.errors import SetupError
from understudy.sdk.installed import Options
from understudy.sdk.understudy import Understudy
from understudy.sdk.values import Subject
from understudy.testing import FakeGateway

REMOTE = {"URL": "https://understudy.example", "APPLICATION_ID": "app_1", "SECRET": "a secret"}
GATEWAY = FakeGateway()
UNDERSTUDY = GATEWAY.understudy()


def made() -> object:
    """What makes the link, by its dotted path."""
    return UNDERSTUDY


def named(subject: Subject) -> object:
    """A user of a site without models."""
    return {"id": subject.id}


def test_one_installation_serves_the_whole_process() -> None:
    with override_settings(UNDERSTUDY=REMOTE):
        found = conf.installed()
        assert conf.installed() is found
        assert found.understudy.client.client_id == "app_1"


def test_a_test_that_changes_the_settings_gets_another_one() -> None:
    with override_settings(UNDERSTUDY=REMOTE):
        found = conf.installed()
        with override_settings(UNDERSTUDY={**REMOTE, "PREFIX": "/as"}):
            assert conf.installed().routes.prefix == "/as"
        with override_settings(SESSION_COOKIE_NAME="login"):
            assert conf.installed() is not found


@pytest.mark.parametrize("link", [UNDERSTUDY, made, f"{__name__}.UNDERSTUDY", f"{__name__}.made"])
def test_the_link_is_given_as_itself_or_by_what_makes_it(link: object) -> None:
    with override_settings(UNDERSTUDY={"UNDERSTUDY": link}):
        assert conf.installed().understudy is UNDERSTUDY


def test_a_link_that_was_given_is_not_closed_with_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    closed: list[object] = []

    def close(self: Understudy) -> None:
        closed.append(self)

    monkeypatch.setattr(Understudy, "close", close)
    with override_settings(UNDERSTUDY={"UNDERSTUDY": UNDERSTUDY}):
        conf.installed()
    assert closed == []
    with override_settings(UNDERSTUDY=REMOTE):
        ours = conf.installed().understudy
    assert closed == [ours]


def test_every_option_of_the_sdk_may_be_set() -> None:
    assert {name.upper() for name in Options.__optional_keys__} < conf.KEYS


@pytest.mark.parametrize("given", [named, f"{__name__}.named"])
def test_a_site_may_load_its_users_by_itself(given: object) -> None:
    with override_settings(UNDERSTUDY={**REMOTE, "LOAD_USER": given}):
        assert conf.setup().load_user is named


def test_djangos_own_cookies_are_the_sites_without_being_named(gateway: FakeGateway) -> None:
    session = gateway.open()
    given = {"UNDERSTUDY": gateway.understudy(), "OWN_COOKIES": ["remember"]}
    with override_settings(UNDERSTUDY=given, SESSION_COOKIE_NAME="login"):
        assert conf.own_cookies() == ("login", "messages")
        crossings = conf.read(given).installed.passages._crossings
    assert crossings._own is not None
    brought = b"login=1; messages=2; remember=3; csrftoken=4; theme=5"
    left = crossings._own.for_the_app(brought, session.id)
    assert left == f"understudy_session={session.id}; csrftoken=4; theme=5".encode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "settings.UNDERSTUDY is missing"),
        ({**REMOTE, "url": "x"}, "There is no 'url'"),
        ({**REMOTE, "LOADUSER": named}, "There is no 'LOADUSER'"),
        ({"URL": "https://understudy.example"}, "lacks APPLICATION_ID, SECRET"),
        ({**REMOTE, "SECRET": ""}, "lacks SECRET"),
        ({**REMOTE, "URL": "understudy"}, "URL"),
        ({**REMOTE, "UNDERSTUDY": UNDERSTUDY}, "say it twice"),
        ({"UNDERSTUDY": "nowhere.at_all"}, "nowhere.at_all"),
        ({"UNDERSTUDY": object()}, "must be an Understudy"),
        ({**REMOTE, "LOAD_USER": "not-a-path"}, "not-a-path"),
        ({**REMOTE, "LOAD_USER": 7}, "LOAD_USER"),
        ({**REMOTE, "HAND_OFFS": ["pigeon"]}, "pigeon"),
    ],
)
def test_what_makes_no_installation_is_refused_by_name(given: Any, told: str) -> None:
    with refusal_of(SetupError, "setup_error") as caught:
        conf.read(given)
    assert told in str(caught.value)
    assert "a secret" not in str(caught.value)


def test_an_async_loader_is_refused_as_sync_views_could_not_wait_for_it() -> None:
    async def load(subject: Subject) -> object:
        return named(subject)

    with refusal_of(SetupError, "setup_error"):
        conf.read({**REMOTE, "LOAD_USER": load})
