"""Flask-JWT-Extended: an agent's own token opens nothing in a session, wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    get_jwt_identity,
    jwt_required,
    set_access_cookies,
)
from werkzeug.test import TestResponse

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

Asks = Callable[[AgentsBrowser, str], TestResponse]
COOKIES = {"access_token_cookie", "csrf_access_token"}
WAYS: dict[str, Asks] = {
    "query": lambda browser, token: browser.get(f"/whom?jwt={token}"),
    "body": lambda browser, token: browser.post("/whom", json={"access_token": token}),
    "header": lambda browser, token: browser.get("/whom", headers={"X-Token": token}),
}


@pytest.fixture
def app() -> Flask:
    app = Flask("shop", static_folder=None)
    app.config.update(
        SECRET_KEY="a key of the app's",
        JWT_SECRET_KEY="another key of the app's, long enough for HMAC",
        JWT_TOKEN_LOCATION=["cookies", "query_string", "json", "headers"],
        JWT_HEADER_NAME="X-Token",
        JWT_HEADER_TYPE="",
        JWT_COOKIE_SECURE=False,
    )
    JWTManager(app)
    whom: Any = jwt_required()(lambda: str(get_jwt_identity()))
    app.add_url_rule("/whom", "whom", whom, methods=["GET", "POST"])

    @app.post("/login/<name>")
    def login(name: str) -> Any:
        answer = jsonify({})
        set_access_cookies(answer, create_access_token(name))
        return answer

    return app


def token_of(app: Flask, name: str) -> str:
    with app.app_context():
        return str(create_access_token(name))


@pytest.mark.parametrize("way", WAYS)
def test_a_token_is_the_subjects_or_opens_nothing(
    app: Flask, guard: Guard, gateway: FakeGateway, way: str
) -> None:
    browser, ask = guard(app), WAYS[way]
    assert ask(browser, token_of(app, "agent")).text == "agent"
    session = gateway.open(subject_id="42")
    browser.enter(session)
    assert ask(browser, token_of(app, "42")).text == "42"
    refused = ask(browser, token_of(app, "agent"))
    assert refused.get_json()["code"] == "forbidden_while_impersonating"
    (blocked,) = gateway.actions(session.id, phase=Phase.BLOCKED)
    assert blocked.path == "/whom"
    browser.leave()
    assert ask(browser, token_of(app, "agent")).text == "agent"


def test_tokens_in_cookies_are_kept_apart(app: Flask, guard: Guard, gateway: FakeGateway) -> None:
    browser = guard(app)
    browser.post("/login/agent")
    before = {name: browser.cookie(name) for name in COOKIES}
    assert None not in before.values()
    assert browser.get("/whom").text == "agent"
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/whom").status_code == 401
    browser.post("/login/42")
    assert browser.get("/whom").text == "42"
    assert {name: browser.cookie(name) for name in COOKIES} == before
    browser.leave()
    assert browser.get("/whom").text == "agent"
