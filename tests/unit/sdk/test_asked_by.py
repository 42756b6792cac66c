"""Under whose session something was asked for, by the request in hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from tests.fixtures.impersonation import SESSION
from understudy import impersonation_of
from understudy.sdk.asked_by import PINNED, found_in
from understudy.sdk.context import Impersonation, Present, within

FOUND = Impersonation.of(SESSION)
SCOPE: dict[str, Any] = {"type": "http", PINNED: FOUND}


class Slotted:
    """A request as frameworks write them that count bytes."""

    __slots__ = ("scope",)

    def __init__(self, scope: object) -> None:
        self.scope = scope


class Lazy:
    """Loads something when anybody asks it for anything."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was loaded")


@pytest.mark.parametrize(
    "request_",
    [
        SCOPE,
        Request(SCOPE),
        Slotted(SCOPE),
        SimpleNamespace(request=Request(SCOPE)),
        {"REQUEST_METHOD": "GET", "asgi.scope": SCOPE},
    ],
)
def test_a_request_says_whose_it_was(request_: object) -> None:
    assert impersonation_of(request_) is FOUND


@pytest.mark.parametrize("own", [{"type": "http"}, Request({"type": "http"}), Slotted({})])
def test_a_users_own_request_was_nobodys(own: object) -> None:
    assert impersonation_of(own) is None


def test_what_a_browser_sends_is_never_taken_for_a_session() -> None:
    sent = {"type": "http", PINNED: {"subject": {"id": "42"}}}
    assert impersonation_of(sent) is None


@pytest.mark.parametrize("value", [None, "x", Slotted(None), SimpleNamespace(request="x")])
def test_what_is_no_request_is_said_to_be_none(value: object) -> None:
    with pytest.raises(TypeError, match="carries no ASGI scope"):
        impersonation_of(value)
    assert found_in(value) is None


def test_nothing_that_loads_itself_is_asked_for_anything() -> None:
    assert found_in(Lazy()) is None


def test_a_request_that_leads_to_itself_leads_nowhere() -> None:
    loop = SimpleNamespace()
    loop.request = loop
    assert found_in(loop) is None


def test_whoever_looks_at_an_environ_has_asked_whom_it_serves() -> None:
    present = Present(FOUND)
    with within(present):
        assert found_in({"REQUEST_METHOD": "GET", PINNED: Impersonation.of(SESSION)}) is not None
        assert not present.asked
        assert impersonation_of({"REQUEST_METHOD": "GET", PINNED: FOUND}) is FOUND
    assert present.asked
