"""Flask-Login's apps in a session: the subject is served, and the agent's sign-in stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, Response, session, stream_with_context
from flask_login import (  # type: ignore[import-untyped]
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    confirm_login,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)
from werkzeug.test import TestResponse

from tests.fixtures.flask_browser import AgentsBrowser
from tests.unit.contrib.flask.conftest import Guarded
from understudy.contrib.flask.login import login_manager_of
from understudy.core.impersonation.sessions import EndCause
from understudy.testing import FakeGateway


@dataclass
class User(UserMixin):  # type: ignore[misc]
    """A user of the app."""

    id: str

    @property
    def is_active(self) -> bool:
        return self.id != "left"


class Stranger(AnonymousUserMixin):  # type: ignore[misc]
    """Nobody, with an id all the same."""

    id = "nobody"

    def get_id(self) -> str:
        return self.id


def shop(app: Flask, *, protection: str | None = "basic", rest: bool = False) -> Flask:
    """An app with Flask-Login, and ``loads`` of who was looked up."""
    loads: list[str] = []
    app.extensions["loads"] = loads
    manager = LoginManager(app)
    manager.session_protection = protection

    def load(user_id: str) -> User | None:
        loads.append(user_id)
        return User(user_id) if user_id in ("agent", "42", "43", "left") else None

    manager.user_loader(load)
    if rest:
        manager.request_loader(lambda request: User(request.args.get("as", "43")))

    app.add_url_rule("/me", "me", view_func=login_required(lambda: str(current_user.get_id())))

    @app.get("/who")
    def who() -> str:
        return str(current_user.get_id())

    @app.get("/about")
    def about() -> str:
        return "about"

    @app.post("/login/<user_id>")
    def login(user_id: str) -> str:
        login_user(User(user_id), remember=True)
        return "hello"

    @app.post("/confirm")
    def confirm() -> str:
        confirm_login()
        return "confirmed"

    @app.post("/logout")
    def logout() -> str:
        logout_user()
        return "bye"

    @app.post("/cart")
    def cart() -> str:
        session["cart"] = "full"
        return str(current_user.get_id())

    app.add_url_rule("/secret", "secret", view_func=fresh_login_required(lambda: "secret"))

    return app


@pytest.fixture(params=[None, "basic", "strong"])
def protection(request: pytest.FixtureRequest) -> str | None:
    found: str | None = request.param
    return found


def signed_in(browser: AgentsBrowser) -> tuple[str | None, str | None]:
    """The agent signs in, and is remembered; what the browser has of it."""
    assert browser.post("/login/agent").text == "hello"
    assert browser.get("/me").text == "agent"
    return own(browser)


def own(browser: AgentsBrowser) -> tuple[str | None, str | None]:
    return browser.cookie("session"), browser.cookie("remember_token")


def code(answer: TestResponse) -> str:
    found: str = answer.get_json()["code"]
    return found


def test_current_user_is_the_subject_and_the_agents_cookies_stay_as_they_are(
    guarded: Guarded,
    gateway: FakeGateway,
    new_app: Callable[[], Flask],
    protection: str | None,
) -> None:
    browser = guarded(shop(new_app(), protection=protection))
    before = signed_in(browser)
    browser.enter(gateway.open(subject_id="42"))
    for _ in range(2):
        assert browser.get("/me").text == "42"
        assert browser.post("/cart").text == "42"
    assert own(browser) == before
    browser.leave()
    assert browser.get("/me").text == "agent"


def test_a_request_loader_is_not_asked_in_a_session(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    browser = guarded(shop(new_app(), rest=True))
    assert browser.get("/who?as=43").text == "43"
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/who?as=43").text == "42"


def test_nobody_is_loaded_for_a_page_that_asks_for_nobody(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())
    browser = guarded(app)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/about").text == "about"
    assert app.extensions["loads"] == []
    assert browser.get("/me").text == "42"
    assert app.extensions["loads"] == ["42"]


def test_a_login_in_a_session_is_refused_and_changes_nobodys(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    browser = guarded(shop(new_app()))
    before = signed_in(browser)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    for user_id in ("43", "42", "agent"):
        refused = browser.post(f"/login/{user_id}")
        assert (refused.status_code, code(refused)) == (403, "forbidden_while_impersonating")
    assert browser.get("/me").text == "42"
    assert own(browser) == before
    assert gateway.ended(session.id) is None


def test_a_logout_in_a_session_signs_nobody_out(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    browser = guarded(shop(new_app()))
    before = signed_in(browser)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.post("/logout").text == "bye"
    assert own(browser) == before
    assert browser.get("/me").text == "42"
    browser.leave()
    assert browser.get("/me").text == "agent"


def test_a_stranger_with_an_id_is_nobody_else(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())
    app.login_manager.anonymous_user = Stranger  # type: ignore[attr-defined]
    browser = guarded(app)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    assert browser.post("/logout").text == "bye"
    assert browser.get("/me").text == "42"


def test_nobody_confirms_the_agents_sign_in_in_a_session(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    browser = guarded(shop(new_app()))
    signed_in(browser)
    assert browser.post("/confirm").text == "confirmed"
    browser.enter(gateway.open(subject_id="42"))
    assert code(browser.post("/confirm")) == "forbidden_while_impersonating"


def test_an_app_is_readied_once_however_many_sessions_it_serves(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app(), rest=True)
    browser = guarded(app)
    found = []
    for subject_id in ("42", "43"):
        browser.enter(gateway.open(subject_id=subject_id))
        assert browser.get("/me").text == subject_id
        manager = login_manager_of(app)
        assert manager is not None
        found.append((manager._load_user, manager._request_callback))
    assert found[0] == found[1]


def test_people_sign_in_as_ever_while_somebody_is_impersonated(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())
    browser = guarded(app)
    signed_in(browser)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/me").text == "42"
    # In a request that had begun before anybody was impersonated, of which nothing is known.
    with app.test_request_context():
        assert login_user(User("43"))
    browser.leave()
    signed_in(browser)


def test_a_cookie_that_scripts_may_read_is_kept_apart_too(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())
    app.config["SESSION_COOKIE_HTTPONLY"] = False
    browser = guarded(app)
    before = signed_in(browser)
    browser.enter(gateway.open(subject_id="42"))
    browser.post("/cart")
    assert own(browser) == before


def test_a_session_is_never_a_fresh_login(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    browser = guarded(shop(new_app()))
    before = signed_in(browser)
    assert browser.get("/secret").text == "secret"
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/secret").status_code == 401
    assert own(browser) == before


def test_the_subject_is_found_in_every_context_of_a_request(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())

    @app.get("/nested")
    def nested() -> str:
        with app.app_context():
            return str(current_user.get_id())

    @app.get("/streamed")
    def streamed() -> Response:
        def parts() -> Iterator[str]:
            for _ in range(2):
                yield str(current_user.get_id())

        return Response(stream_with_context(parts()))

    @app.get("/async")
    async def by_coroutine() -> str:
        await asyncio.sleep(0)
        return str(current_user.get_id())

    browser = guarded(app)
    signed_in(browser)
    for user_id in ("agent", "42"):
        assert browser.get("/nested").text == user_id
        assert browser.get("/streamed").text == user_id * 2
        assert browser.get("/async").text == user_id
        browser.enter(gateway.open(subject_id="42"))


def test_whom_the_app_settles_on_by_itself_must_be_the_subject(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())

    @app.get("/token")
    def token() -> str:
        app.login_manager._update_request_context_with_user(User("43"))  # type: ignore[attr-defined]
        return str(current_user.get_id())

    browser = guarded(app)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    answer = browser.get("/token")
    assert (answer.status_code, code(answer)) == (401, "identity_not_applied")
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_whoever_could_not_sign_in_is_nobodys_subject(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = shop(new_app())
    browser = guarded(app)
    browser.enter(gateway.open(subject_id="left"))
    assert code(browser.get("/me")) == "identity_not_applied"


def test_a_login_manager_that_comes_after_us_is_found_too(
    guarded: Guarded, gateway: FakeGateway, new_app: Callable[[], Flask]
) -> None:
    app = new_app()
    browser = guarded(app)
    shop(app)
    before = signed_in(browser)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/me").text == "42"
    assert own(browser) == before
