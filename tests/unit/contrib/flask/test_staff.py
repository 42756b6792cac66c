"""An app's own staff start sessions in it, by its own sign-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Request, current_app, url_for
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)

from tests.fixtures.flask_browser import AgentsBrowser
from tests.unit.contrib.flask.conftest import Guarded
from understudy.sdk.values import Actor, Subject
from understudy.testing import FakeGateway

WANTED = {"subject_id": "ada", "reason": "Cannot see the invoice"}


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, user_id: str) -> None:
        self.id = user_id


def staff(request: Request) -> Actor | None:
    assert request.path == "/_understudy/start"
    if current_user.is_anonymous or current_user.id != "kim":
        return None
    return Actor(id=current_user.id, email="kim@shop.example", name="Kim")


def may_start(_: Actor, subject_id: str, request: Request) -> bool:
    return request.method == "POST" and subject_id in current_app.extensions["may"]


def home_of(subject: Subject) -> str:
    return f"/{current_app.name}/{subject.id}"


@pytest.fixture
def browser(guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]) -> AgentsBrowser:
    app = new_app()
    app.extensions["may"] = {"ada"}
    LoginManager(app).user_loader(User)
    gateway.user("ada", name="Ada")
    gateway.user("bob")

    @app.post("/login/<user_id>")
    def login(user_id: str) -> str:
        login_user(User(user_id))
        return url_for("me")

    @app.get("/me")
    def me() -> str:
        return str(current_user.get_id())

    return guarded(app, staff=staff, may_start=may_start, home_of=home_of)


def test_staff_become_whom_they_may(browser: AgentsBrowser) -> None:
    browser.post("/login/kim")
    started = browser.post("/_understudy/start", json=WANTED)
    assert (started.status_code, started.get_json()["home"]) == (200, "/shop/ada")
    assert browser.get("/me").text == "ada"


def test_nobody_else_finds_anything_there(browser: AgentsBrowser) -> None:
    assert browser.post("/_understudy/start", json=WANTED).status_code == 404
    browser.post("/login/bob")
    assert browser.post("/_understudy/start", json=WANTED).status_code == 404
    assert browser.get("/me").text == "bob"


def test_whom_the_app_forbids_nobody_becomes(browser: AgentsBrowser) -> None:
    browser.post("/login/kim")
    refused = browser.post("/_understudy/start", json={**WANTED, "subject_id": "bob"})
    assert refused.status_code == 403
    assert browser.get("/me").text == "kim"
