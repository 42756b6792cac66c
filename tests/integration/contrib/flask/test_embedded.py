"""A Flask app with its own Understudy: the dashboard below a path, in front of the app."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, Request, request, session
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from tests.fixtures.refusals import refusal_of
from understudy import AppUser, SetupError, SignInRequired, StaffMember, Users
from understudy.contrib.flask import Understudy
from understudy.contrib.flask.installation import installation_of
from understudy.embedded.mount import dashboard
from understudy.embedded.mount.staff import asked_of
from understudy.embedded.staff import SIGN_IN, STAFF
from understudy.sdk.scope import Scope

URL = "https://localhost/understudy"
PAGE = {"accept": "text/html", "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
KIM = StaffMember(id="kim", email="kim@shop.example", name="Kim", roles=frozenset({"admin"}))
USERS = Users(get=lambda key: AppUser(id=key), search=lambda query, limit: [])


def staff(asked: Request) -> StaffMember | None:
    """By the app's own session, and its request as a view finds it."""
    assert asked.path == request.path
    if session.get("user") == "nobody-yet":
        raise SignInRequired(at="/login")
    if session.get("user") == "broken":
        raise RuntimeError
    return KIM if session.get("user") == "kim" else None


def check_password(asked: Request, password: str) -> bool:
    """Asked on the request's own thread."""
    assert (asked.path, session["user"]) == (request.path, "kim")
    return password == "right"


def sign_in(user: str) -> str:
    """By the app's own session."""
    session["user"] = user
    return "in"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    made = Flask(__name__)
    made.secret_key = "for tests"
    CSRFProtect(made)
    made.config["UNDERSTUDY_EMBEDDED"] = {
        "name": "Shop",
        "url": URL,
        "data_dir": tmp_path,
        "staff": staff,
        "users": USERS,
        "check_password": check_password,
    }
    made.add_url_rule("/login/<user>", "login", sign_in)
    Understudy(made)
    with closing(installation_of(made).understudy):
        yield made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, object]]:
    """What the service hears of who makes each request."""
    heard: list[tuple[object, object]] = []
    real = asked_of

    def spied(*given: object) -> Scope:
        said = real(*given)  # type: ignore[arg-type]
        heard.append((said[STAFF], said[SIGN_IN]))
        return said

    monkeypatch.setattr(dashboard, "asked_of", spied)
    return heard


def test_pages_and_api_lie_in_front_of_the_app(app: Flask) -> None:
    browser = app.test_client()
    page = browser.get("/understudy/", base_url="https://localhost")
    assert b'<base href="/understudy/">' in page.data
    moved = browser.get("/understudy?next=1", base_url="https://localhost")
    assert (moved.status_code, moved.headers["location"]) == (308, "/understudy/?next=1")
    # Not by the app's own token against other sites, of which the dashboard knows nothing.
    refused = browser.post("/understudy/api/v1/impersonations", json={})
    assert (refused.status_code, refused.json["code"]) == (401, "not_signed_in")  # type: ignore[index]
    assert browser.get("/understudyx").status_code == 404


def test_staff_are_asked_for_as_in_a_view(app: Flask, told: list[tuple[object, object]]) -> None:
    browser = app.test_client()
    for user in ("nobody", "kim", "nobody-yet"):
        browser.get(f"/login/{user}")
        assert browser.get("/understudy/healthz").status_code == 200
    browser.get("/understudy/assets/none.js")
    assert told == [(None, None), (KIM, None), (None, "/login"), (None, None)]


def test_where_nobody_can_say_who_it_is_nobody_gets_in(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/login/broken")
    answer = browser.get("/understudy/users", headers=PAGE, base_url="https://localhost")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_the_apps_sign_in_is_that_to_the_dashboard_until_it_is_left(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/login/kim", base_url="https://localhost")
    page = browser.get("/understudy/users", headers=PAGE, base_url="https://localhost")
    assert page.status_code in (200, 303), page.data
    me = browser.get("/understudy/api/v1/me", base_url="https://localhost")
    assert (me.status_code, me.json and me.json["email"]) == (200, KIM.email), me.data
    browser.get("/login/nobody", base_url="https://localhost")
    assert browser.get("/understudy/api/v1/me", base_url="https://localhost").status_code == 401


def test_a_password_is_confirmed_where_the_app_can_be_asked(app: Flask) -> None:
    browser = app.test_client()
    browser.get("/login/kim", base_url="https://localhost")
    browser.get("/understudy/users", headers=PAGE, base_url="https://localhost")
    for password, status in (("wrong", 422), ("right", 200)):
        answer = browser.post(
            "/understudy/api/v1/me/confirm",
            json={"password": password},
            headers={"sec-fetch-site": "same-origin"},
            base_url="https://localhost",
        )
        assert answer.status_code == status, answer.data


def test_a_browser_that_works_as_somebody_else_is_the_guards(app: Flask) -> None:
    browser = app.test_client()
    browser.set_cookie("__Host-understudy", "x" * 43, secure=True)
    answer = browser.get("/understudy/", base_url="https://localhost")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "config",
    [
        {"UNDERSTUDY_EMBEDDED": {"title": "Shop"}},
        {"UNDERSTUDY_EMBEDDED": {}, "UNDERSTUDY_URL": "https://understudy.example"},
    ],
)
def test_what_makes_no_installation_is_refused(config: dict[str, object]) -> None:
    made = Flask(__name__)
    made.config.update(config)
    with refusal_of(SetupError, "setup_error") as refused:
        Understudy(made)
    assert "UNDERSTUDY_EMBEDDED" in refused.value.detail


def test_nothing_awaits_an_async_staff(tmp_path: Path) -> None:
    async def later(_: object) -> None:
        """Somebody, later."""

    made = Flask(__name__)
    made.config["UNDERSTUDY_EMBEDDED"] = {
        "name": "Shop",
        "url": URL,
        "data_dir": tmp_path,
        "staff": later,
        "users": USERS,
    }
    with refusal_of(SetupError, "setup_error") as refused:
        Understudy(made)
    assert "staff or check_password" in refused.value.detail
