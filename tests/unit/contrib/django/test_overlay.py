"""The subject in place of whom a site's sign-in would find."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import middleware
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from tests.fixtures.impersonation import SESSION
from understudy.contrib.django.errors import NobodyToServe
from understudy.contrib.django.overlay import LateUser, looked_at, overlaid_class
from understudy.sdk.passage.steps import Lazily, LoadUser
from understudy.sdk.values import Subject


class Loader:
    """Counts how often a user was loaded."""

    def __init__(self, user: object) -> None:
        self.user = user
        self.calls = 0

    def __call__(self, subject: Subject) -> object:
        """The user."""
        self.calls += 1
        return self.user


def late(user: object, *, now: bool, takes: bool = True) -> tuple[LateUser, Loader, Any]:
    """A user, who loads them, and what the passage is told."""
    request, loader = RequestFactory().get("/"), Loader(user)
    request.session = SimpleNamespace(accessed=False)
    found = LateUser(request, loader)
    return found, loader, found.answer(LoadUser(SESSION.subject, lambda _: takes), now=now)


def test_a_user_is_loaded_when_somebody_looks_and_once() -> None:
    user, loader, told = late(SimpleNamespace(name="Jo"), now=False)
    assert isinstance(told, Lazily)
    assert loader.calls == 0
    assert [user.lazy.name, user.lazy.name, user.get().name] == ["Jo"] * 3  # type: ignore[attr-defined]
    assert loader.calls == 1


def test_a_user_is_loaded_at_once_where_something_changes() -> None:
    user, loader, told = late("Jo", now=True)
    assert (told, loader.calls, user.get(), loader.calls) == ("Jo", 1, "Jo", 1)


async def test_a_user_is_loaded_beside_an_event_loop() -> None:
    for now in (False, True):
        user, loader, _ = late("Jo", now=now)
        assert (await user.aget(), loader.calls) == ("Jo", 1)


@pytest.mark.parametrize("now", [False, True])
def test_who_is_not_the_subject_is_not_given_to_the_site(now: bool) -> None:
    user, loader, _ = late("Jo", now=now, takes=False)
    for _ in range(2):
        with pytest.raises(NobodyToServe):
            user.get()
    assert loader.calls == 1


def test_a_page_with_a_user_says_by_what_it_differs_as_for_everybody() -> None:
    user, _, _ = late("Jo", now=False)
    request = user._request
    assert not request.session.accessed
    user.get()
    assert request.session.accessed


def test_a_user_nobody_has_looked_at_is_not_loaded_to_be_checked() -> None:
    loader, request = Loader(SimpleNamespace(id=7)), RequestFactory().get("/")
    assert looked_at(request) is None
    inner = SimpleLazyObject(partial(loader, SESSION.subject))
    request.user = SimpleLazyObject(lambda: inner)
    assert (looked_at(request), loader.calls) == (None, 0)
    assert request.user.id == 7
    assert (looked_at(request), loader.calls) == (loader.user, 1)


def test_a_class_of_requests_is_made_once() -> None:
    assert overlaid_class(WSGIRequest) is overlaid_class(WSGIRequest)
    assert issubclass(overlaid_class(WSGIRequest), WSGIRequest)


async def test_only_djangos_own_way_to_the_user_is_replaced() -> None:
    request = RequestFactory().get("/")
    request._understudy_late = late("Jo", now=True)[0]
    request.__class__ = overlaid_class(WSGIRequest)
    with pytest.raises(AttributeError):
        request.auser  # noqa: B018  (as for everybody without a middleware for it)
    request.auser = partial(middleware.auser, request)
    assert await request.auser() == "Jo"

    async def around() -> str:
        return "verified"

    request.auser = around
    assert await request.auser() == "verified"
