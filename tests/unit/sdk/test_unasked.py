"""Counting what was served without asking for whom."""

from __future__ import annotations

import pytest

from understudy.sdk import unasked
from understudy.sdk.unasked import Unasked


def test_each_route_is_counted_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    found = Unasked()
    for _ in range(3):
        found.note("PATCH", "/users/{id}", "/users/ada")
    found.note("GET", "/users/{id}", "/users/ada")
    assert found.counts() == {"PATCH /users/{id}": 3, "GET /users/{id}": 1}
    told = [(record.action, record.route) for record in caplog.records]  # type: ignore[attr-defined]
    assert told == [
        ("serve_unasked", "PATCH /users/{id}"),
        ("serve_unasked", "GET /users/{id}"),
    ]


def test_without_a_route_no_more_than_the_beginning_of_a_path_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = Unasked()
    for path in ("/users/ada@example.com", "/users/grace@example.com", "/about", "/"):
        found.note("GET", None, path)
    assert found.counts() == {"GET /users/…": 2, "GET /about": 1, "GET /": 1}
    assert "example.com" not in caplog.text


def test_routes_without_end_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unasked, "MOST", 2)
    found = Unasked()
    for number in range(5):
        found.note("GET", f"/{number}", "/")
    assert found.counts() == {"GET /0": 1, "GET /1": 1, "others": 3}
