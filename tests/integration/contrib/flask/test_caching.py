"""Flask-Caching: nobody gets what was made in a session, and a session nothing that was kept."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_caching import Cache
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    UserMixin,
    current_user,
    login_user,
)

from tests.fixtures.flask_browser import AgentsBrowser
from tests.integration.contrib.flask.conftest import Guard
from understudy import current_impersonation
from understudy.testing import FakeGateway

ADA = "42"
VIEWS = ("/page", "/query?a=1", "/own", "/function", "/method")


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, user_id: str) -> None:
        self.id = user_id

    def __repr__(self) -> str:
        return f"User {self.id}"  # what memoize tells arguments apart by


def letters() -> str:
    """Whose they are, and who reads them."""
    return f"of {current_user.get_id()}, {'watched' if current_impersonation() else 'alone'}"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Keeps things in files, for each of its processes and for every test client."""
    app = Flask("shop", static_folder=None)
    app.config.update(
        SECRET_KEY="a key of the app's", CACHE_TYPE="FileSystemCache", CACHE_DIR=str(tmp_path)
    )
    LoginManager(app).user_loader(User)
    cache = Cache(app)

    @cache.memoize()
    def of_user(user: User) -> str:
        return letters()

    class Letters:
        @cache.memoize()
        def of(self, user: User) -> str:
            return letters()

        def __repr__(self) -> str:
            return "Letters"

    views: dict[str, Any] = {
        "page": cache.cached()(letters),
        "query": cache.cached(query_string=True)(letters),
        "own": cache.cached(make_cache_key=lambda: f"own {current_user.get_id()}")(letters),
        "function": lambda: of_user(current_user._get_current_object()),
        "method": lambda: Letters().of(current_user._get_current_object()),
    }
    for name, view in views.items():
        app.add_url_rule(f"/{name}", name, view)

    @app.post("/login/<user_id>")
    def login(user_id: str) -> str:
        login_user(User(user_id))
        return "hello"

    return app


@pytest.fixture
def people(app: Flask, guard: Guard, gateway: FakeGateway) -> dict[str, AgentsBrowser]:
    """Browsers of an agent, of Ada, of the agent as Ada, and of the agent as somebody else."""
    agent = guard(app)
    made = {name: AgentsBrowser(app.test_client()) for name in ("ada", "as ada", "as bob")}
    made["agent"] = agent
    for name, browser in made.items():
        browser.post(f"/login/{ADA if name == 'ada' else 'agent'}")
    made["as ada"].enter(gateway.open(subject_id=ADA))
    made["as bob"].enter(gateway.open(subject_id="43"))
    return made


IN_SESSION = {"as ada": "of 42, watched", "as bob": "of 43, watched"}


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_reads_what_was_made_for_somebody_in_a_session(
    app: Flask, people: dict[str, AgentsBrowser], view: str
) -> None:
    for order in permutations(people):
        (cache,) = app.extensions["cache"]
        with app.app_context():
            cache.clear()
        for name in (*order, *order):
            read = people[name].get(view).text
            if name in IN_SESSION:
                assert read == IN_SESSION[name]
            else:
                assert read.endswith(", alone")


@pytest.mark.parametrize("view", VIEWS[2:])
def test_whoever_has_the_user_in_the_key_reads_their_own(
    people: dict[str, AgentsBrowser], view: str
) -> None:
    for _ in range(2):
        assert people["as ada"].get(view).text == "of 42, watched"
        assert people["agent"].get(view).text == "of agent, alone"
        assert people["ada"].get(view).text == "of 42, alone"
