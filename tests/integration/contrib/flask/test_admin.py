"""Flask-Admin, set up as its example with Flask-Login does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, redirect, url_for
from flask_admin import Admin, AdminIndexView, expose  # type: ignore[import-untyped]
from flask_admin.contrib.fileadmin import FileAdmin  # type: ignore[import-untyped]
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy.core.impersonation.restrictions import BlockedAction
from understudy.testing import FakeGateway

STAFF = {"agent", "admin"}


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, user_id: str) -> None:
        self.id = user_id


class Index(AdminIndexView):  # type: ignore[misc]
    @expose("/")  # type: ignore[untyped-decorator]
    def index(self) -> Any:
        if not current_user.is_authenticated:
            return redirect(url_for("login"))
        return f"<body>{current_user.id}'s files"


class Files(FileAdmin):  # type: ignore[misc]
    def is_accessible(self) -> bool:
        return current_user.is_authenticated and current_user.id in STAFF

    def inaccessible_callback(self, name: str, **_: Any) -> Any:
        abort(403)


@pytest.fixture
def browser(tmp_path: Path, guard: Guard) -> AgentsBrowser:
    """Of an agent who has signed in."""
    app = Flask("shop")
    app.config["SECRET_KEY"] = "a key of the app's"
    Babel(app)  # which Flask-Admin wants wherever it can be imported
    LoginManager(app).user_loader(User)

    @app.post("/login")
    def login() -> str:
        login_user(User("agent"))
        return "hello"

    (tmp_path / "letter.txt").write_text("dear")
    admin = Admin(app, index_view=Index())
    admin.add_view(Files(str(tmp_path), name="Files", endpoint="files"))
    browser = guard(app)
    browser.post("/login")
    return browser


def test_its_views_are_open_to_the_subject_alone(
    browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    assert "letter.txt" in browser.get("/admin/files/").text
    browser.enter(gateway.open(subject_id="customer"))
    page = browser.client.get("/admin/", headers={"Accept": "text/html"}, buffered=True)
    assert "customer's files" in page.text
    assert "<understudy-banner" in page.text
    assert browser.get("/admin/files/").status_code == 403


def test_what_it_changes_is_recorded_by_its_route_and_kept_by_a_rule(
    browser: AgentsBrowser, gateway: FakeGateway, tmp_path: Path
) -> None:
    session = gateway.open(subject_id="admin")
    browser.enter(session)
    assert browser.post("/admin/files/mkdir/", data={"name": "made"}).status_code == 302
    assert (tmp_path / "made").is_dir()
    _, done = gateway.actions(session.id, at_least=2)
    assert (done.route, done.status, done.rule) == ("/admin/files/mkdir/", 302, None)
    rule = BlockedAction(method="POST", pattern="/admin/{files}/delete/", label="Delete")
    browser.enter(gateway.open(subject_id="admin", blocked_actions=[rule]))
    refused = browser.post("/admin/files/delete/", data={"path": "letter.txt"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "action_blocked")
    assert (tmp_path / "letter.txt").exists()
