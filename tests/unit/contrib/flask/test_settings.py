"""Settings from the app's configuration."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from understudy import SetupError
from understudy.contrib.flask.settings import read_settings
from understudy.sdk.leaving import AfterEnd

REMOTE = {
    "UNDERSTUDY_URL": "https://understudy.example",
    "UNDERSTUDY_APPLICATION_ID": "app_1",
    "UNDERSTUDY_SECRET": "usk_hush",
}


@pytest.fixture
def app(new_app: Callable[[], Flask]) -> Flask:
    app = new_app()
    app.config.update(REMOTE)
    return app


def test_the_environment_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REMOTE.items():
        monkeypatch.setenv(f"FLASK_{name}", value)
    monkeypatch.setenv("FLASK_UNDERSTUDY_UNRECORDED", '["/static/"]')
    app = Flask("shop")
    app.config.from_prefixed_env()
    settings = read_settings(app, {})
    link = settings.link()
    assert (link.client.issuer, link.client.client_id) == ("https://understudy.example", "app_1")
    assert settings.options["unrecorded"] == ("/static/",)


def test_the_cookies_by_which_the_app_knows_people_are_its_own(app: Flask) -> None:
    assert read_settings(app, {}).options["own_cookies"] == ("session", "remember_token")
    app.config.update(SESSION_COOKIE_NAME="crm", REMEMBER_COOKIE_NAME="crm_remembers")
    assert read_settings(app, {}).options["own_cookies"] == ("crm", "crm_remembers")
    app.config["UNDERSTUDY_OWN_COOKIES"] = ["crm"]
    assert read_settings(app, {}).options["own_cookies"] == ("crm",)


def test_cookies_with_tokens_are_the_apps_own_where_it_takes_tokens_from_cookies(
    app: Flask,
) -> None:
    app.config["JWT_TOKEN_LOCATION"] = ["headers"]
    assert read_settings(app, {}).options["own_cookies"] == ("session", "remember_token")
    app.config.update(JWT_TOKEN_LOCATION=["headers", "cookies"], JWT_ACCESS_COOKIE_NAME="access")
    *_, access, refresh, csrf, csrf_refresh = read_settings(app, {}).options["own_cookies"]
    assert (access, refresh) == ("access", "refresh_token_cookie")
    assert (csrf, csrf_refresh) == ("csrf_access_token", "csrf_refresh_token")


def test_what_is_given_in_code_goes_before_the_config(app: Flask) -> None:
    app.config.update(UNDERSTUDY_HOME="/config", UNDERSTUDY_AFTER_END="page")
    options = read_settings(app, {"home": "/code"}).options
    assert (options["home"], options["after_end"]) == ("/code", AfterEnd.PAGE)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UNDERSTUDY_UNRECORDET", ["/static/"], "UNDERSTUDY_UNRECORDET"),
        ("UNDERSTUDY_UNRECORDED", "/static/", "list of texts"),
        ("UNDERSTUDY_OWN_COOKIES", [1], "list of texts"),
        ("UNDERSTUDY_AFTER_END", "nowhere", "'dashboard' or 'page'"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(
    app: Flask, name: str, value: object, said: str
) -> None:
    app.config[name] = value
    with pytest.raises(SetupError, match=said):
        read_settings(app, {})


def test_settings_never_print_the_secret(app: Flask) -> None:
    assert "usk_hush" not in repr(read_settings(app, {}))
