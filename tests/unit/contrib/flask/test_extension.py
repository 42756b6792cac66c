"""The extension on one app and on several, with a service that is there or not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tests.fixtures.flask_browser import AgentsBrowser
from tests.unit.contrib.flask.conftest import Guarded
from understudy import SetupError, current_impersonation
from understudy.contrib.flask import Understudy
from understudy.testing import FakeGateway


def whom() -> str:
    found = current_impersonation()
    return found.subject.id if found else "nobody"


def test_one_extension_guards_every_app_that_a_factory_makes(gateway: FakeGateway) -> None:
    link = gateway.understudy()
    extension = Understudy(understudy=link)

    def create_app(name: str) -> Flask:
        app = Flask(name, static_folder=None)
        extension.init_app(app)
        app.add_url_rule("/", view_func=whom)
        return app

    session = gateway.open(subject_id="42")
    for name in ("one", "two"):
        app = create_app(name)
        browser = AgentsBrowser(app.test_client())
        assert browser.get("/").text == "nobody"
        browser.enter(session)
        assert browser.get("/").text == "42"
        assert app.extensions["understudy"].understudy is link
    link.close()


def test_an_app_is_guarded_once(gateway: FakeGateway, new_app: Callable[[], Flask]) -> None:
    app = new_app()
    Understudy(app, understudy=gateway.understudy())
    with pytest.raises(SetupError, match="already"):
        Understudy(app, understudy=gateway.understudy())


def test_our_own_addresses_are_served_whatever_the_app_routes(
    guarded: Guarded, new_app: Callable[[], Flask]
) -> None:
    app = new_app()
    app.before_request(lambda: ("closed", 503))
    browser = guarded(app)
    assert browser.get("/_understudy/state").get_json()["active"] is False
    assert browser.get("/").status_code == 503


def test_a_middleware_around_ours_tells_the_address_as_browsers_see_it(
    guarded: Guarded, new_app: Callable[[], Flask]
) -> None:
    app = new_app()
    browser = guarded(app)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_host=1)  # type: ignore[method-assign]
    asked = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}
    address = "/_understudy/launch?iss=https://understudy.test&login_hint=grt_1"
    answer = browser.client.get(address, headers=asked)
    assert "redirect_uri=https%3A%2F%2Fshop.example%2F_understudy%2Fcallback" in answer.location


def test_a_page_of_a_session_gets_its_banner(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = new_app()
    app.add_url_rule("/", view_func=lambda: "<body>hello")
    browser = guarded(app)
    browser.enter(gateway.open())
    page = browser.client.get("/", headers={"Accept": "text/html"})
    assert "<understudy-banner" in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("config", [{"UNDERSTUDY_URL": "https://understudy.example"}, {}])
def test_an_app_without_its_settings_does_not_start(
    new_app: Callable[[], Flask], config: dict[str, Any]
) -> None:
    app = new_app()
    app.config.update(config)
    with pytest.raises(SetupError, match=r"lacks .*UNDERSTUDY_APPLICATION_ID"):
        Understudy(app)


@pytest.mark.parametrize("name", ["flask", "fastapi"])
def test_no_framework_but_its_own_is_loaded(name: str) -> None:
    others = ("django", "flask", "fastapi", "starlette", "flask_login", "flask_security")
    needed = {"flask": {"flask"}, "fastapi": {"fastapi", "starlette"}}[name]
    program = (
        f"import sys, understudy.contrib.{name}\n"
        f"print(*(other for other in {others} if other in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == needed
