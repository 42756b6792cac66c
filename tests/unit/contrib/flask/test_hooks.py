"""What the log, templates and error handlers have of a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask, Response, redirect, render_template_string

from tests.unit.contrib.flask.conftest import Guarded
from understudy import current_impersonation, forbid_while_impersonating
from understudy.errors import ForbiddenWhileImpersonating
from understudy.sdk.values import Phase
from understudy.testing import FakeGateway

SAYS = "{% if impersonation %}{{ impersonation.actor.name }}{% else %}oneself{% endif %}"


@pytest.fixture
def app(new_app: Callable[[], Flask]) -> Flask:
    app = new_app()
    orders = Blueprint("orders", __name__, url_prefix="/orders")

    @orders.get("/<int:number>")
    def order(number: int) -> str:
        current_impersonation()
        return str(number)

    @orders.errorhandler(Exception)
    def of_orders(error: Exception) -> str:
        return f"orders caught {type(error).__name__}"

    @orders.post("/pay")
    @forbid_while_impersonating
    def pay_order() -> str:
        return "paid"

    app.register_blueprint(orders)

    @app.get("/template")
    def template() -> str:
        return render_template_string(SAYS)

    @app.get("/silent")
    def silent() -> str:
        return render_template_string("the same for everybody")

    @app.post("/password")
    @forbid_while_impersonating
    def password() -> str:
        return "changed"

    return app


def test_the_url_rule_is_the_route_in_the_log(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app)
    session = gateway.open()
    browser.enter(session)
    assert browser.get("/orders/7").text == "7"
    assert browser.get("/nowhere").status_code == 404
    found = [(a.path, a.route) for a in gateway.actions(session.id, at_least=2)]
    assert found == [("/orders/7", "/orders/<int:number>"), ("/nowhere", None)]


def test_a_template_knows_who_works_as_whom(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app)
    assert browser.get("/template").text == "oneself"
    browser.enter(gateway.open(actor_name="Sam"))
    assert browser.get("/template").text == "Sam"


def test_a_template_that_never_looks_has_not_asked(
    guarded: Guarded, gateway: FakeGateway, app: Flask
) -> None:
    browser = guarded(app)
    browser.enter(gateway.open())
    browser.get("/template")
    browser.get("/silent")
    served = app.extensions["understudy"].understudy.served_unasked()
    assert dict(served) == {"GET /silent": 1}


@pytest.mark.parametrize("propagates", [False, True])
@pytest.mark.parametrize("path", ["/password", "/orders/pay"])
def test_no_error_handler_turns_our_refusal_into_an_answer_of_its_own(
    guarded: Guarded, gateway: FakeGateway, app: Flask, path: str, propagates: bool
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = propagates

    @app.errorhandler(Exception)
    def anything(error: Exception) -> str:
        return f"caught {type(error).__name__}"

    @app.errorhandler(403)
    def forbidden(_: Exception) -> Response:
        return redirect("/login")  # type: ignore[return-value]

    browser = guarded(app)
    session = gateway.open()
    assert browser.post(path).text in {"changed", "paid"}
    browser.enter(session)
    answer = browser.post(path)
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert answer.get_json()["code"] == "forbidden_while_impersonating"
    (blocked,) = gateway.actions(session.id, phase=Phase.BLOCKED)
    assert (blocked.rule, blocked.route) == ("forbidden_while_impersonating", None)


def test_what_is_refused_outside_of_a_session_is_a_problem_too(
    guarded: Guarded, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/late")
    def late() -> str:
        raise ForbiddenWhileImpersonating

    caplog.set_level("WARNING")
    answer = guarded(app).get("/late")
    assert answer.status_code == 403
    assert answer.get_json()["code"] == "forbidden_while_impersonating"
    assert caplog.records == []
