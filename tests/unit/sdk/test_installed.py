"""What is set for one app: every option arrives, and none is taken that nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.refusals import refusal_of
from understudy.errors import SetupError
from understudy.sdk.installed import Installed
from understudy.sdk.passage.blocking import carried_out
from understudy.sdk.passage.identity import Identity
from understudy.sdk.visit import Visit
from understudy.testing import FakeGateway


def installed(**options: Any) -> Installed:
    return Installed(FakeGateway().understudy(), Identity(loads=False), options)  # type: ignore[arg-type]


def test_nothing_needs_to_be_set() -> None:
    found = installed()
    assert (found.routes.prefix, found.routes.home, found.below) == ("/_understudy", "/", None)


def test_what_is_set_is_taken() -> None:
    found = installed(prefix="/_support", home="/start")
    assert (found.routes.prefix, found.routes.home) == ("/_support", "/start")


def test_a_misspelled_option_is_refused_and_the_right_ones_are_named() -> None:
    with pytest.raises(SetupError, match=r"^There is no option 'own_cookie'; .*, own_cookies, "):
        installed(own_cookie=["sessionid"])


def test_staff_start_sessions_only_where_the_app_says_who_they_are() -> None:
    start = Visit(method="GET", origin="https://app.test", base="")
    for options, status in (({}, 404), ({"staff": lambda _: None}, 405)):
        answer = carried_out(installed(**options).routes.serving(start, "/_understudy/start"))
        assert answer.status == status


@pytest.mark.parametrize("name", ["may_start", "home_of"])
def test_what_hangs_on_staff_is_not_set_without_them(name: str) -> None:
    with refusal_of(SetupError, "setup_error"):
        installed(**{name: lambda *_: True})
