"""Views that only the user themself may use, and views that an actor may only look at."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.exceptions import PermissionDenied
from django.views import View

from tests.fixtures.impersonation import SESSION
from tests.fixtures.refusals import refusal_of
from understudy.contrib.django.decorators import (
    ForbiddenView,
    forbid_while_impersonating,
    read_only_while_impersonating,
)
from understudy.sdk.context import Impersonation, Present, entered

CODE = "forbidden_while_impersonating"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


def a_request(method: str = "GET") -> Any:
    return SimpleNamespace(method=method)


def present() -> Present:
    return Present(Impersonation.of(SESSION))


@forbid_while_impersonating
def forbidden(request: Any, name: str = "nobody") -> str:
    """Says."""
    return f"{request.method} {name}"


@forbid_while_impersonating
async def forbidden_async(request: Any) -> str:
    return f"{request.method}"


@read_only_while_impersonating
def looked_at(request: Any) -> str:
    return f"{request.method}"


@forbid_while_impersonating
class Forbidden(View):  # type: ignore[misc]
    def get(self, request: Any) -> str:
        return f"got {request.method}"

    def post(self, request: Any) -> str:
        return f"posted {request.method}"


@forbid_while_impersonating
class ForbiddenAsync(View):  # type: ignore[misc]
    async def get(self, request: Any) -> str:
        return f"got {request.method}"


@read_only_while_impersonating
class LookedAt(View):  # type: ignore[misc]
    def get(self, request: Any) -> str:
        return f"got {request.method}"

    def post(self, request: Any) -> str:
        return f"posted {request.method}"


def test_a_user_gets_what_an_actor_does_not() -> None:
    assert forbidden(a_request(), name="ada") == "GET ada"
    now = present()
    with entered(now), refusal_of(ForbiddenView, CODE):
        forbidden(a_request(), name="ada")
    assert now.forbidden


def test_django_itself_answers_403_to_the_refusal() -> None:
    with entered(present()), pytest.raises(PermissionDenied):
        forbidden(a_request())


def test_a_forbidden_view_keeps_its_name() -> None:
    assert (forbidden.__name__, forbidden.__doc__) == ("forbidden", "Says.")
    assert Forbidden.__name__ == "Forbidden"


def test_an_async_view_stays_one() -> None:
    async def main() -> str:
        with entered(present()), refusal_of(ForbiddenView, CODE):
            await forbidden_async(a_request())
        return await forbidden_async(a_request())

    assert iscoroutinefunction(forbidden_async)
    assert asyncio.run(main()) == "GET"


def test_a_class_is_forbidden_for_every_method() -> None:
    view = Forbidden.as_view()
    assert view(a_request("POST")) == "posted POST"
    for method in (*SAFE, *UNSAFE):
        with entered(present()), refusal_of(ForbiddenView, CODE):
            view(a_request(method))


def test_an_async_class_is_forbidden_and_stays_async() -> None:
    view = ForbiddenAsync.as_view()
    assert iscoroutinefunction(view)
    assert asyncio.run(view(a_request())) == "got GET"
    with entered(present()), refusal_of(ForbiddenView, CODE):
        asyncio.run(view(a_request()))


def test_a_view_made_of_an_async_class_can_be_forbidden_as_well() -> None:
    class Plain(View):  # type: ignore[misc]
        async def get(self, request: Any) -> str:
            return f"got {request.method}"

    view = forbid_while_impersonating(Plain.as_view())
    assert iscoroutinefunction(view)
    assert asyncio.run(view(a_request())) == "got GET"

    async def main() -> None:
        with entered(present()), refusal_of(ForbiddenView, CODE):
            await view(a_request())

    asyncio.run(main())


@pytest.mark.parametrize("view", [looked_at, LookedAt.as_view()], ids=["function", "class"])
def test_an_actor_may_look_and_change_nothing(view: Any) -> None:
    assert "POST" in view(a_request("POST"))
    with entered(present()):
        assert "GET" in view(a_request("GET"))
    for method in UNSAFE:
        now = present()
        with entered(now), refusal_of(ForbiddenView, CODE):
            view(a_request(method))
        assert now.forbidden


@pytest.mark.parametrize("method", ["post", "PURGE", "", None])
def test_what_is_not_known_to_be_safe_counts_as_a_change(method: Any) -> None:
    with entered(present()), refusal_of(ForbiddenView, CODE):
        looked_at(a_request(method))
