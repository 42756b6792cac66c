"""Pages that Flask-Caching keeps, inside and outside of a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask_caching import Cache

from tests.unit.contrib.flask.conftest import Guarded
from understudy import SetupError, current_impersonation
from understudy.contrib.flask.caching import let_caches_rest
from understudy.testing import FakeGateway


def whom() -> str:
    found = current_impersonation()
    return found.subject.id if found else "nobody"


@pytest.fixture
def app(new_app: Callable[[], Flask]) -> Flask:
    app = new_app()
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    calls: list[str] = []
    app.extensions["calls"] = calls

    @app.get("/page")
    @cache.cached()
    def page() -> str:
        calls.append("page")
        return whom()

    @app.get("/unless")
    @cache.cached(unless=lambda: True)
    def unless() -> str:
        calls.append("unless")
        return whom()

    @app.get("/function")
    def function() -> str:
        return _function()

    @cache.memoize()
    def _function() -> str:
        calls.append("function")
        return whom()

    return app


@pytest.mark.parametrize("path", ["/page", "/function"])
def test_a_page_that_is_kept_is_nobodys_in_a_session(
    guarded: Guarded, gateway: FakeGateway, app: Flask, path: str
) -> None:
    browser = guarded(app)
    assert browser.get(path).text == "nobody"
    for subject_id in ("42", "43"):
        browser.enter(gateway.open(subject_id=subject_id))
        assert browser.get(path).text == subject_id
    browser.leave()
    assert browser.get(path).text == "nobody"
    assert app.extensions["calls"].count(path[1:]) == 3


@pytest.mark.parametrize("path", ["/page", "/function"])
def test_a_page_that_was_made_in_a_session_is_kept_for_nobody(
    guarded: Guarded, gateway: FakeGateway, app: Flask, path: str
) -> None:
    browser = guarded(app)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get(path).text == "42"
    browser.leave()
    assert browser.get(path).text == "nobody"


def test_what_the_app_never_keeps_stays_unkept(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app)
    browser.enter(gateway.open())
    browser.get("/unless")
    browser.leave()
    for _ in range(2):
        browser.get("/unless")
    assert app.extensions["calls"] == ["unless"] * 3


def test_a_cache_that_cannot_rest_serves_no_session(new_app: Callable[[], Flask]) -> None:
    class Old:
        cached = "as ever"

    app = new_app()
    app.extensions["cache"] = {Old(): object(), object(): object()}
    with pytest.raises(SetupError, match="Flask-Caching"):
        let_caches_rest(app)
