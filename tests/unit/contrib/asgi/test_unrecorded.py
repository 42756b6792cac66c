"""What an app declares to be the same for everybody stays out of the log, and nothing else does."""

from __future__ import annotations

import pytest

from tests.unit.contrib.asgi.apps import Echo
from tests.unit.contrib.asgi.conftest import Guarded
from understudy.testing import FakeGateway


def test_a_style_sheet_stays_out_of_the_log_and_is_served_as_the_subject(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session, app = gateway.open(), Echo()
    browser = guarded(app, unrecorded=["/static/"])
    assert browser.get("/static/app.css", session.headers).text == "hello"
    browser.get("/invoices", session.headers)
    assert [action.path for action in gateway.actions(session.id)] == ["/invoices"]
    assert None not in app.subjects


@pytest.mark.parametrize(
    "path", ["/static/../invoices", "/static//x", "/static/%2e%2e/x", "/static/;a", "/staticx"]
)
def test_a_path_in_an_odd_spelling_is_recorded(
    gateway: FakeGateway, guarded: Guarded, path: str
) -> None:
    session = gateway.open()
    guarded(Echo(), unrecorded=["/static/"]).get(path, session.headers)
    assert len(gateway.actions(session.id)) == 1


def test_what_changes_something_or_fails_is_recorded_all_the_same(
    gateway: FakeGateway, guarded: Guarded
) -> None:
    session = gateway.open()
    guarded(Echo(), unrecorded=["/static/"]).post("/static/x", session.headers)
    assert len(gateway.actions(session.id, at_least=2)) == 2
    other = gateway.open()
    guarded(Echo(status=404), unrecorded=["/static/"]).get("/static/x", other.headers)
    assert [action.status for action in gateway.actions(other.id)] == [404]
