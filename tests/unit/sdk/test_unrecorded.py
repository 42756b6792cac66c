from __future__ import annotations

from understudy.sdk.unrecorded import Unrecorded


def test_nothing_is_left_out_unless_it_was_named() -> None:
    assert not Unrecorded().covers(["GET"], "/static/app.css")


def test_a_method_override_is_no_safe_request() -> None:
    assert Unrecorded(["/static/"]).covers(["GET"], "/static/app.css")
    assert not Unrecorded(["/static/"]).covers(["GET", "DELETE"], "/static/app.css")
