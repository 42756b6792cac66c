"""Which of the SDK's own addresses answers what."""

from __future__ import annotations

import pytest

from tests.unit.sdk.visiting import HINT, App, all_of, header


def test_an_unknown_address_is_not_found(app: App) -> None:
    assert app.visit("GET", "/_understudy/nothing").status == 404


@pytest.mark.parametrize("name", ["launch", "callback", "state", "end"])
def test_head_uses_nothing_up(app: App, name: str) -> None:
    answer = app.visit("HEAD", f"/_understudy/{name}", query=HINT)
    assert answer.status == 405
    assert all_of(answer, "set-cookie") == []


def test_a_405_says_what_is_allowed(app: App) -> None:
    assert header(app.visit("PUT", "/_understudy/end"), "allow") == "GET, POST"
