"""Flask-Session: what lies on the server for the agent stays as it is, byte for byte."""

from __future__ import annotations

from pathlib import Path

from cachelib import FileSystemCache
from flask import Flask, session
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)
from flask_session import Session  # type: ignore[import-untyped]

from tests.integration.contrib.flask.conftest import Guard
from understudy.testing import FakeGateway


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, user_id: str) -> None:
        self.id = user_id


def app_at(folder: Path) -> Flask:
    app = Flask("shop", static_folder=None)
    app.config.update(
        SECRET_KEY="a key of the app's",
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=FileSystemCache(str(folder), threshold=0),
    )
    Session(app)
    LoginManager(app).user_loader(User)

    @app.post("/login")
    def login() -> str:
        login_user(User("agent"))
        return "hello"

    @app.route("/note/<text>", methods=["GET", "POST"])
    def note(text: str) -> str:
        session.setdefault("notes", []).append(text)
        session.modified = True
        return f"{current_user.get_id()}: {', '.join(session['notes'])}"

    return app


def stored(folder: Path) -> dict[str, bytes]:
    """What lies there by the name of its file."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_session_has_notes_of_its_own_and_the_agents_stay(
    tmp_path: Path, guard: Guard, gateway: FakeGateway
) -> None:
    browser = guard(app_at(tmp_path))
    browser.post("/login")
    assert browser.get("/note/mine").text == "agent: mine"
    before, cookie = stored(tmp_path), browser.cookie("session")
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/note/hers").text == "42: hers"
    assert browser.post("/note/too").text == "42: hers, too"
    after = stored(tmp_path)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    assert browser.cookie("session") == cookie
    browser.enter(gateway.open(subject_id="43"))
    assert browser.get("/note/his").text == "43: his"
    browser.leave()
    assert browser.get("/note/again").text == "agent: mine, again"
