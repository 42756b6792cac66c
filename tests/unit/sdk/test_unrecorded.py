from __future__ import annotations

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import SetupError
from understudy.sdk.unrecorded import Unrecorded


@pytest.mark.parametrize("prefix", ["/", "", "static/", "/static", "https://cdn.example/"])
def test_only_a_folder_below_the_root_can_be_left_out(prefix: str) -> None:
    with refusal_of(SetupError, "setup_error"):
        Unrecorded([prefix])


def test_nothing_is_left_out_unless_it_was_named() -> None:
    assert not Unrecorded().covers(["GET"], "/static/app.css")


def test_a_method_override_is_no_safe_request() -> None:
    assert Unrecorded(["/static/"]).covers(["GET"], "/static/app.css")
    assert not Unrecorded(["/static/"]).covers(["GET", "DELETE"], "/static/app.css")


@pytest.mark.parametrize("path", ["/static/a/../b", "/static/./b", "/static/a\\b", "/static/%61"])
def test_only_the_plainest_spelling_is_left_out(path: str) -> None:
    assert not Unrecorded(["/static/"]).covers(["GET"], path)
