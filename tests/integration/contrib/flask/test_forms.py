"""Flask-WTF: forms of a session carry a token of the session's own."""

from __future__ import annotations

from flask import Flask
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)
from flask_wtf.csrf import CSRFProtect, generate_csrf  # type: ignore[import-untyped]

from tests.integration.contrib.flask.conftest import Guard
from understudy.testing import FakeGateway


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, user_id: str) -> None:
        self.id = user_id


def shop() -> Flask:
    app = Flask("shop", static_folder=None)
    app.config["SECRET_KEY"] = "a key of the app's"
    LoginManager(app).user_loader(User)
    protected = CSRFProtect(app)

    def login() -> str:
        login_user(User("agent"))
        return "hello"

    app.add_url_rule("/login", "login", protected.exempt(login), methods=["POST"])
    app.add_url_rule("/form", "form", generate_csrf)
    whom = lambda: str(current_user.get_id())  # noqa: E731
    app.add_url_rule("/orders", "orders", whom, methods=["POST"])
    return app


def test_a_form_of_a_session_is_sent_in_that_session_alone(
    guard: Guard, gateway: FakeGateway
) -> None:
    browser = guard(shop())
    browser.post("/login")
    own = browser.get("/form").text
    assert browser.post("/orders", data={"csrf_token": own}).text == "agent"
    browser.enter(gateway.open(subject_id="42"))
    hers = browser.get("/form").text
    assert browser.post("/orders", data={"csrf_token": hers}).text == "42"
    assert browser.post("/orders", data={"csrf_token": own}).status_code == 400
    browser.leave()
    assert browser.post("/orders", data={"csrf_token": hers}).status_code == 400
    assert browser.post("/orders", data={"csrf_token": own}).text == "agent"
