"""Views of Flask that are declared to change nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.views import MethodView

from understudy import reads
from understudy.contrib.flask import Understudy
from understudy.core.impersonation.restrictions import Scope
from understudy.sdk.cookies import OVERLAY
from understudy.sdk.page_marks import HEADER
from understudy.testing import FakeGateway

MARKED = HEADER.decode()


class Reports(MethodView):
    """One of its methods is declared."""

    @reads
    def post(self) -> str:
        """A search."""
        return "found"

    def put(self) -> str:
        """A change."""
        return "changed"


@pytest.fixture
def client(gateway: FakeGateway) -> Iterator[FlaskClient]:
    app, understudy = Flask(__name__), gateway.understudy()

    @app.post("/search/<kind>")
    @reads
    def search(kind: str) -> str:
        return "found"

    @app.delete("/search/<kind>")
    def forget(kind: str) -> str:
        return "changed"

    @app.post("/orders")
    def order() -> str:
        return "changed"

    app.add_url_rule("/reports", view_func=Reports.as_view("reports"))
    app.add_url_rule("/folder/", view_func=reads(lambda: "found"), methods=["POST"])
    Understudy(app, understudy=understudy)
    yield app.test_client()
    understudy.close()


def asked(client: FlaskClient, gateway: FakeGateway, method: str, path: str) -> int:
    session = gateway.open(scope=Scope.READ_ONLY)
    client.set_cookie(OVERLAY, session.token)
    return client.open(path, method=method, headers={MARKED: session.id}, json={}).status_code


@pytest.mark.parametrize("path", ["/search/books", "/reports", "/folder/"])
def test_a_declared_view_is_read_by_post(
    client: FlaskClient, gateway: FakeGateway, path: str
) -> None:
    assert asked(client, gateway, "POST", path) == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/orders"), ("PUT", "/reports"), ("POST", "/nothing"), ("POST", "/folder")],
)
def test_any_other_is_refused(
    client: FlaskClient, gateway: FakeGateway, method: str, path: str
) -> None:
    assert asked(client, gateway, method, path) == 403


def test_a_form_may_be_for_another_view_at_the_same_address(
    client: FlaskClient, gateway: FakeGateway
) -> None:
    session = gateway.open(scope=Scope.READ_ONLY)
    client.set_cookie(OVERLAY, session.token)
    marked = {MARKED: session.id}
    assert client.post("/search/books", headers=marked, data={"a": "b"}).status_code == 403
    assert client.post("/folder/", headers=marked, data={"a": "b"}).status_code == 200
