"""What is changed in headers between browser and app, by the place of the session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fixtures.impersonation import OPENED
from understudy.core.applications.session_origins import SessionOrigins
from understudy.errors import SetupError
from understudy.sdk.cache import Held
from understudy.sdk.cookie_seal import CookieSeal
from understudy.sdk.crossing import Crossing, Crossings
from understudy.sdk.launch import Client
from understudy.sdk.place import OWN_HOST, Place, SessionOrigin
from understudy.sdk.secret import Secret

HELD = Held(OPENED, key=b"key", sent_at=0.0, generation=1)
APP = Client(issuer="https://understudy.example", client_id="app_1", key=Secret("key"))
ORIGINS = SessionOrigins.parse("https://*.view.example")
LABEL = SessionOrigin("https://understudy-x.view.example")
COOKIES = [(b"cookie", b"login=agent; a=b"), (b"cookie", b"__Host-understudy=x")]
SESSION = f"understudy_session={OPENED.session.id}".encode()


def crossing(place: Place, **options: Any) -> Crossing:
    return Crossings(APP, **options).of(place, HELD)


def seen(place: Place, **options: Any) -> list[tuple[bytes, bytes]]:
    return crossing(place, **options).to_app(COOKIES)


def test_on_the_apps_own_host_cookies_are_as_they_were_unless_they_are_named() -> None:
    assert seen(OWN_HOST) == COOKIES
    assert seen(OWN_HOST, own_cookies=["login"]) == [(b"cookie", SESSION + b"; a=b")]


def test_at_a_sessions_origin_all_are_kept_apart_but_those_that_scripts_write() -> None:
    assert seen(LABEL) == [(b"cookie", SESSION)]
    assert seen(LABEL, script_cookies=["a"]) == [(b"cookie", SESSION + b"; a=b")]


@pytest.mark.parametrize(
    ("place", "options", "is_renamed"),
    [(OWN_HOST, {}, False), (OWN_HOST, {"own_cookies": ["login"]}, True), (LABEL, {}, True)],
)
def test_what_the_app_sets_is_stored_by_the_same_rule(
    place: Place, options: dict[str, Any], is_renamed: bool
) -> None:
    answer = [(b"set-cookie", b"login=ada; HttpOnly"), (b"x-a", b"1")]
    changed = crossing(place, **options).to_browser(answer, 0.0)
    (stored,) = [value for name, value in changed if name == b"set-cookie"]
    assert stored.startswith(b"__Host-understudy.login=") is is_renamed
    assert (b"x-a", b"1") in changed


def test_the_apps_own_address_is_shown_at_a_sessions_origin_alone() -> None:
    options = {"present_host": "https://app.example"}
    assert crossing(OWN_HOST, **options).scheme is None
    at_label = crossing(LABEL, **options)
    assert at_label.scheme == "https"
    assert at_label.to_app([(b"host", b"understudy-x.view.example")])[0] == (
        b"host",
        b"app.example",
    )


@pytest.mark.parametrize(
    ("client", "own_cookies"), [(APP, ["login"]), (replace(APP, session_origins=ORIGINS), [])]
)
def test_a_missing_library_is_told_when_the_app_starts(
    monkeypatch: pytest.MonkeyPatch, client: Client, own_cookies: list[str]
) -> None:
    def missing(_: CookieSeal) -> None:
        raise SetupError("missing")

    monkeypatch.setattr(CookieSeal, "require", missing)
    Crossings(APP)
    with pytest.raises(SetupError):
        Crossings(client, own_cookies=own_cookies)
