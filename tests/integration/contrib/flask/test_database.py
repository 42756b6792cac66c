"""Users who live in a database session, which ends with the request and forgets at each commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_login import LoginManager, UserMixin, current_user  # type: ignore[import-untyped]
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy.testing import FakeGateway


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("shop", static_folder=None)
    app.config.update(SECRET_KEY="a key of the app's", SQLALCHEMY_DATABASE_URI="sqlite://")
    db = SQLAlchemy(app)

    class User(UserMixin, db.Model):  # type: ignore[name-defined,misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    LoginManager(app).user_loader(lambda user_id: db.session.get(User, int(user_id)))

    @app.post("/name")
    def rename() -> str:
        current_user.name = "Countess"
        db.session.commit()
        return "renamed"

    app.add_url_rule("/name", "name", lambda: str(current_user.name))
    with app.app_context():
        db.create_all()
        db.session.add(User(id=42, name="Ada"))
        db.session.commit()
        app.extensions["engine"] = db.engine
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def browser(app: Flask, guard: Guard) -> AgentsBrowser:
    return guard(app)


def test_a_user_whom_a_commit_has_let_go_of_is_still_known_for_the_subject(
    app: Flask, browser: AgentsBrowser, gateway: FakeGateway
) -> None:
    asked: list[str] = []

    def count(_: Any, __: Any, statement: str, *rest: Any) -> None:
        asked.append(statement.partition(" ")[0])

    event.listen(app.extensions["engine"], "before_cursor_execute", count)
    browser.enter(gateway.open(subject_id="42"))
    renamed = browser.post("/name")
    assert (renamed.status_code, renamed.text) == (200, "renamed")
    # One query finds the user, and none asks again who that was.
    assert asked == ["SELECT", "UPDATE"]
    assert browser.get("/name").text == "Countess"
