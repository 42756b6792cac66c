"""When the subject's user is loaded, and what becomes of one who is not the subject."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, current_app, g, has_request_context, request

from tests.unit.contrib.flask.conftest import Guarded
from understudy import current_impersonation
from understudy.contrib.flask.loading import id_of
from understudy.core.impersonation.sessions import EndCause
from understudy.sdk.values import Phase, Subject
from understudy.testing import FakeGateway

Users = dict[str, dict[str, str]]
USERS: Users = {"42": {"id": "42", "name": "Ada"}, "43": {"id": "43", "name": "Bob"}}


def by_id(subject: Subject) -> object:
    return USERS.get(subject.id)


def house(app: Flask) -> Flask:
    """An app without Flask-Login."""
    app.extensions["calls"] = []

    @app.route("/name", methods=["GET", "POST"])
    def name() -> str:
        app.extensions["calls"].append(request.method)
        impersonation = current_impersonation()
        return str(impersonation.user["name"]) if impersonation else "nobody"

    @app.route("/about", methods=["GET", "POST"])
    def about() -> str:
        app.extensions["calls"].append(request.method)
        return "about"

    return app


def anything(error: Exception) -> tuple[str, int]:
    return f"caught {type(error).__name__}", 200


@pytest.fixture
def app(new_app: Callable[[], Flask]) -> Flask:
    return house(new_app())


def test_a_user_is_loaded_within_the_apps_own_request(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    seen: list[bool] = []

    def load_user(subject: Subject) -> object:
        seen.append(has_request_context())
        return by_id(subject)

    browser = guarded(app, load_user=load_user)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/name").text == "Ada"
    assert seen == [True]


def test_a_user_who_is_not_loaded_lazily_is_loaded_in_a_context_of_the_app(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    seen: list[bool] = []

    def load_user(subject: Subject) -> object:
        seen.append(current_app.name == "shop" and "marked" not in g)
        return by_id(subject)

    browser = guarded(app, load_user=load_user, lazily=False)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/about").text == "about"
    assert seen == [True]


@pytest.mark.parametrize("found", [None, USERS["43"], {"name": "no id"}])
@pytest.mark.parametrize("propagates", [False, True])
def test_a_user_who_is_not_the_subject_reaches_no_view_and_ends_the_session(
    guarded: Guarded, gateway: FakeGateway, app: Flask, found: object, propagates: bool
) -> None:
    if propagates:
        app.config["PROPAGATE_EXCEPTIONS"] = app.config["TRAP_HTTP_EXCEPTIONS"] = True
    else:
        app.register_error_handler(Exception, anything)
    browser = guarded(app, load_user=lambda _: found)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    answer = browser.get("/name")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "identity_not_applied")
    assert gateway.wait_until_ended(session.id) is EndCause.IDENTITY_NOT_APPLIED


def test_nothing_is_changed_before_its_user_is_known_to_be_the_subject(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app, load_user=lambda _: None)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    assert browser.post("/about").get_json()["code"] == "identity_not_applied"
    assert app.extensions["calls"] == []


def test_a_change_whose_app_has_not_asked_is_told_from_one_that_has(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app, load_user=by_id)
    session = gateway.open(subject_id="42")
    browser.enter(session)
    assert browser.post("/about").text == "about"
    assert browser.post("/name").text == "Ada"
    done = gateway.actions(session.id, at_least=2, phase=Phase.COMPLETED)
    assert [(action.path, action.rule) for action in done] == [
        ("/about", "identity_not_asked"),
        ("/name", None),
    ]


def test_without_any_loader_the_app_asks_for_the_subject_itself(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    @app.get("/subject")
    def subject() -> str:
        impersonation = current_impersonation()
        return impersonation.subject.id if impersonation and impersonation.user is None else "?"

    browser = guarded(app)
    browser.enter(gateway.open(subject_id="42"))
    assert browser.get("/subject").text == "42"


def test_ids_are_read_as_whoever_loads_users_knows_them(app: Flask) -> None:
    class User:
        id = 1

        def get_id(self) -> str:
            return "uniquifier"

    assert id_of(app, by_login=True)(User()) == "uniquifier"
    assert id_of(app, by_login=False)(User()) == 1
    assert id_of(app, by_login=True)({"id": 2}) == 2
    assert id_of(app, by_login=False)(object()) is None
    app.extensions["security"] = object()
    assert id_of(app, by_login=True)(User()) == 1
